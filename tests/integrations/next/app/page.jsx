import { Mirror } from './mirror';

export default function Page() {
  return (
    <main>
      <h1>Next.js</h1>
      <Mirror />
    </main>
  );
}
