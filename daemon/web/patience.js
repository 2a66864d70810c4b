// Waiting before something is tried again.

const longest_ms = 30_000;

// 1, 2, 4 … 30 s, with a little chance, so that not everybody comes back at the same moment.
export function pause_ms(failures) {
  return Math.min(longest_ms, 1000 * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
}

// Until the time is over, or the device is back on a network. Throws where `signal` is aborted.
export function wait(time_ms, signal) {
  return new Promise((resolve, reject) => {
    const end = (act) => () => {
      clearTimeout(timer);
      removeEventListener("online", goOn);
      signal?.removeEventListener("abort", stop);
      act();
    };
    const goOn = end(resolve);
    const stop = end(() => reject(signal.reason));
    const timer = setTimeout(goOn, time_ms);
    if (signal?.aborted) return stop();
    addEventListener("online", goOn);
    signal?.addEventListener("abort", stop);
  });
}
