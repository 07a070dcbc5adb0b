// What the conversation and the source pane have in common: cards at markers, copying, moving between citations.
// For the whole document, and loaded with page.js, whose `chat` it adds to.

(() => {
  const EDGE = 8; // pixels between a popover and whatever it must not touch

  // Copying

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The clipboard is kept from pages that are not served securely, and from some by choice.
      const focused = document.activeElement;
      const field = document.body.appendChild(document.createElement("textarea"));
      field.className = "unseen";
      field.value = text;
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      focused?.focus({ preventScroll: true });
      if (!copied) throw new Error("not copied");
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.textContent;
    const outcome = await copy(button.dataset.copy).then(
      () => "Copied",
      () => "Could not be copied",
    );
    button.textContent = outcome;
    chat.say(outcome);
    setTimeout(() => {
      if (button.textContent === outcome) button.textContent = label;
    }, 2000);
  });

  // Words for those who listen to the page. A region that is new is not listened to, hence the delay.
  let voice;
  chat.say = (words) => {
    if (!voice) {
      voice = document.body.appendChild(document.createElement("div"));
      voice.className = "unseen";
      voice.setAttribute("role", "status");
    }
    voice.textContent = "";
    setTimeout(() => (voice.textContent = words), 100);
  };

  // Cards: shown while a marker is hovered over or has the keyboard's focus, or the pointer is on the card itself.
  // A finger opens the source at once.

  let marker;
  let waiting;
  const cardOf = (button) => document.getElementById(button.getAttribute("aria-describedby"));

  function place(popover, anchor) {
    const at = anchor.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = popover;
    // The keyboard of a phone takes its part of the window.
    const bottom = visualViewport.height - EDGE;
    const left = Math.min(at.left + (at.width - width) / 2, innerWidth - width - EDGE);
    const above = at.top - height - EDGE;
    const top = above >= EDGE ? above : Math.min(at.bottom + EDGE, bottom - height);
    popover.style.left = `${Math.max(EDGE, left)}px`;
    popover.style.top = `${Math.max(EDGE, top)}px`;
  }

  function hideCard() {
    clearTimeout(waiting);
    if (!marker) return false;
    const card = cardOf(marker);
    if (card?.matches(":popover-open")) card.hidePopover();
    marker = undefined;
    return true;
  }

  function showCard(button) {
    if (button === marker) return clearTimeout(waiting);
    hideCard();
    const card = cardOf(button);
    if (!card) return;
    marker = button;
    card.showPopover();
    place(card, button);
  }

  function soon(act, milliseconds) {
    clearTimeout(waiting);
    waiting = setTimeout(act, milliseconds);
  }

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const button = event.target.closest(".marker");
    if (button) soon(() => showCard(button), marker ? 60 : 150);
    else if (event.target.closest(".card")) clearTimeout(waiting);
    else soon(hideCard, 250);
  });
  document.addEventListener("focusin", (event) => {
    const button = event.target.closest(".marker:focus-visible");
    if (button) showCard(button);
    else hideCard();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest(".marker")) hideCard();
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape" && hideCard()) event.stopPropagation();
    },
    true,
  );

  // Puts what is open where it belongs: when it opens, and again when the page moves or changes under it.
  chat.settle = () => {
    if (marker) {
      const { top, bottom } = marker.getBoundingClientRect();
      if (!marker.isConnected || bottom < 0 || top > innerHeight) hideCard();
      else place(cardOf(marker), marker);
    }
    const form = document.querySelector(".sheet:popover-open");
    if (form) place(form, document.querySelector(`[popovertarget="${form.id}"]`));
  };
  addEventListener("scroll", chat.settle, { capture: true, passive: true });
  visualViewport.addEventListener("resize", chat.settle);
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.newState !== "open" || !event.target.matches(".sheet")) return;
      chat.settle();
      event.target.querySelector("textarea").focus({ preventScroll: true });
    },
    true,
  );

  // From citation to citation: Alt with the arrows anywhere but in a field; j and k, ] and [ where citations are read,
  // and where nothing has the focus.

  const STEPS = { j: 1, "]": 1, k: -1, "[": -1 };
  const ARROWS = { ArrowDown: 1, ArrowUp: -1 };

  function stepOf(event) {
    if (event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return undefined;
    if (event.altKey) return ARROWS[event.key];
    return event.target === document.body || event.target.closest("#transcript, #pane") ? STEPS[event.key] : undefined;
  }

  document.addEventListener("keydown", (event) => {
    const step = stepOf(event);
    if (!step || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const button = document.querySelector(`#pane .step[data-step="${step}"]`);
    const answered = document.querySelectorAll("#transcript .exchange:has(.marker)");
    if (button) button.click();
    else answered[answered.length - 1]?.querySelector(".marker").click();
  });
})();
