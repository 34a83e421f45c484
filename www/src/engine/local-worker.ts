/** For tests: a stand-in for a worker, with a service that the test provides. */
import { expose } from 'comlink';

/** Runs a comlink service in this thread, over a real message channel. */
export class LocalWorker extends EventTarget {
  private readonly channel = new MessageChannel();
  terminated = false;

  constructor(service: object) {
    super();
    expose(service, this.channel.port2);
    this.channel.port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      this.dispatchEvent(new MessageEvent('message', { data }));
    });
    this.channel.port1.start();
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.channel.port1.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    this.channel.port1.close();
  }

  crash(): void {
    const event = new Event('error', { cancelable: true });
    this.dispatchEvent(Object.assign(event, { message: 'unreachable' }));
  }
}
