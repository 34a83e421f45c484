/** React 19 sets properties of custom elements and listens to their events without a wrapper. */
import { useRef, useState, type DetailedHTMLProps, type HTMLAttributes } from 'react';
import { createRoot } from 'react-dom/client';
import type { Assessment } from '../../src/engine/contract';
import type { SalesMirror } from '../../src/sales-mirror/sales-mirror';

type Attributes = DetailedHTMLProps<HTMLAttributes<SalesMirror>, SalesMirror> & {
  readonly 'self-rating'?: 'on' | 'off';
  readonly 'onsales-mirror-assessed'?: (event: CustomEvent<Assessment>) => void;
};

declare module 'react/jsx-runtime' {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the way to declare elements to React
  namespace JSX {
    interface IntrinsicElements {
      'sales-mirror': Attributes;
    }
  }
}

const NOTE = 'He asked for 12% off; I offered 5% against a three-year service contract, and he signed.';

function App() {
  const widget = useRef<SalesMirror>(null);
  const [level, setLevel] = useState<number>();
  return (
    <>
      <button type="button" onClick={() => void widget.current?.assess(NOTE)}>
        Assess the note of the day
      </button>
      <p>
        Overall level: <output id="level">{level?.toFixed(1)}</output>
      </p>
      <sales-mirror
        ref={widget}
        lang="en"
        self-rating="off"
        onsales-mirror-assessed={({ detail }) => {
          setLevel(detail.overall?.level);
        }}
      />
    </>
  );
}

const root = document.querySelector('#app');
if (root) createRoot(root).render(<App />);
