// Starts the app of a page that was rendered for a browser without cookies.
(() => {
  // What a person does. A browser that only shows the page loads nothing.
  const actions = ['pointermove', 'pointerdown', 'keydown', 'focusin', 'scroll'];
  // The channel of `client::browser`. Old browsers have none.
  const tabs = globalThis.BroadcastChannel && new BroadcastChannel('latchkey');
  const start = (event) => {
    // A browser also reports a pointer that rests where a new page appears.
    if (event?.type === 'pointermove' && event.movementX === 0 && event.movementY === 0) return;
    for (const action of actions) removeEventListener(action, start, true);
    removeEventListener('pageshow', restored);
    tabs?.close();
    // The scripts of a template run when they become part of the document.
    document.head.append(document.getElementById('app-scripts').content);
  };
  // The browser has got a sign-in since this page was rendered. No person has typed here, so nothing is lost.
  const outdated = () => location.reload();
  const restored = (event) => event.persisted && outdated();
  for (const action of actions) addEventListener(action, start, { capture: true, passive: true });
  addEventListener('pageshow', restored);
  tabs?.addEventListener('message', outdated);
  // A token of this tab or of an earlier visit.
  const stored = () => {
    try {
      return sessionStorage.length + localStorage.length > 0;
    } catch {
      // The browser blocks storage.
      return false;
    }
  };
  if (stored()) start();
})();
