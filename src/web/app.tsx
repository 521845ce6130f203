/** The whole page. */
export function App() {
  return (
    <main>
      <h1>whosaid</h1>
    </main>
  );
}
