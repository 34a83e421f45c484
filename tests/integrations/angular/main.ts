import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import 'salesmirror';
import type { SalesMirror } from 'salesmirror';

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <p>Overall level: <output>{{ level() }}</output></p>
    <sales-mirror lang="en" self-rating="off" (sales-mirror-assessed)="show($event)"></sales-mirror>
  `,
})
class App {
  readonly level = signal('');

  show({ detail }: CustomEvent<SalesMirror['assessment']>): void {
    this.level.set(detail?.overall?.level.toFixed(1) ?? '');
  }
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] }).catch(console.error);
