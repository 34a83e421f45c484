'use client';

import { useState } from 'react';
import 'salesmirror';

export function Mirror() {
  const [level, setLevel] = useState('');
  return (
    <>
      <p>
        Overall level: <output>{level}</output>
      </p>
      <sales-mirror
        lang="en"
        self-rating="off"
        onsales-mirror-assessed={({ detail }) => setLevel(detail.overall?.level.toFixed(1) ?? '')}
      />
    </>
  );
}
