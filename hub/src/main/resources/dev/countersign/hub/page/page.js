'use strict';
(() => {
  const screen = document.body.dataset.page === 'screen';
  const by = id => document.getElementById(id);
  let deadline = Date.now() + 1000 * Number(by('left').textContent);
  const show = open => {
    by('window').classList.toggle('open', open);
    by('opened').hidden = !open;
    by('closed').hidden = open;
  };
  const ask = async () => {
    const answer = await fetch(screen ? '/screen' : '/status', {cache: 'no-store'});
    if (!answer.ok) throw new Error('refused');
    if (!screen) {
      const status = await answer.json();
      deadline = Date.now() + 1000 * status.closesInSeconds;
      show(status.open);
      return;
    }
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.querySelector('main').replaceWith(document.adoptNode(next.querySelector('main')));
    deadline = Date.now() + 1000 * Number(by('left').textContent);
  };
  const forget = () => {
    show(false);
    const code = by('code');
    if (code) code.hidden = true;
  };
  const again = async () => {
    try {
      await ask();
      by('lost').hidden = true;
    } catch {
      forget();
      by('lost').hidden = false;
    }
    setTimeout(again, 2000);
  };
  setInterval(() => {
    by('left').textContent = Math.max(0, Math.ceil((deadline - Date.now()) / 1000));
  }, 1000);
  setTimeout(again, 2000);
})();
