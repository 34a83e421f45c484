import { StrictMode, useRef, useState, type DetailedHTMLProps, type HTMLAttributes } from 'react';
import { createRoot } from 'react-dom/client';
import 'salesmirror';
import type { SalesMirror } from 'salesmirror';

declare module 'react/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'sales-mirror': DetailedHTMLProps<HTMLAttributes<SalesMirror>, SalesMirror> & {
        'self-rating'?: 'on' | 'off';
        'onsales-mirror-assessed'?: (event: CustomEvent<SalesMirror['assessment']>) => void;
      };
    }
  }
}

function App() {
  const widget = useRef<SalesMirror>(null);
  const [level, setLevel] = useState<number>();
  return (
    <>
      <p>
        Overall level: <output>{level?.toFixed(1)}</output>
      </p>
      <sales-mirror
        ref={widget}
        lang="en"
        self-rating="off"
        onsales-mirror-assessed={({ detail }) => setLevel(detail?.overall?.level)}
      />
    </>
  );
}

createRoot(document.querySelector('#app')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
