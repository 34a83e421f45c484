'use client';

import { useEffect, useState } from 'react';

export function Mirror() {
  const [level, setLevel] = useState('');
  // After React has taken over the page: the element sets attributes of its own, which the server did not render.
  useEffect(() => void import('salesmirror'), []);
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
