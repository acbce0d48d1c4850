#!/usr/bin/env python3
"""Replies of 2,000 characters, translated while mail is taken as fast as it comes.

A member answers through the API, one reply after another, each of sentences never seen before; meanwhile smtp-source
sends over ten connections without a pause, which keeps two processors busy. Printed: how long a reply takes until its
translation stands in the API, and the mails taken a second beside those of the same stream before and after, when
nobody answers. Exits with 1 when a reply takes 3 s or more, or is not translated.
"""
import json, os, pathlib, smtplib, sys, tempfile, threading, time, shutil, urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from accept import COUNT, ROOT, port, source, started, until

CHARS = 2000
REPLIES = int(os.environ.get("REPLIES", "12"))
SECONDS = 3.0
MODELS = ROOT / "target/models"
QUESTION = """From: John Smith <john@guest.example>\r\nTo: pousada@relais.localhost\r\nSubject: A room\r
Message-ID: <bench-question@guest.example>\r\n\r
Good afternoon, we would like to stay with you for a week in August. Could you tell us more about the house?\r
"""


class Api:
    def __init__(self, http, token):
        self.base, self.token = f"http://127.0.0.1:{http}/api/v1", token

    def __call__(self, path, body=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        return json.load(urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers)))


def texts():
    """Replies nobody wrote before: the sentences of the score, each about another room."""
    rows = (ROOT / "fixtures/translation/hospitality.tsv").read_text().splitlines()[1:]
    sentences = [row.split("\t")[1] for row in rows]
    number = 0
    while True:
        lines, length = [], 0
        while True:
            one = f"No quarto {100 + number % 900} é assim: {sentences[number % len(sentences)]}"
            if length + len(one) > CHARS:
                break
            lines.append(one)
            length += len(one) + 1
            number += 1
        yield "\n\n".join(" ".join(lines[at:at + 4]) for at in range(0, len(lines), 4))


def translated(api, conversation, text):
    """Seconds from the question to a translation that stands in the API, and its state."""
    begun = time.time()
    message = api(f"/conversations/{conversation}/messages", {"text": text, "translate": "yes"})["id"]
    while True:
        found = next(m for m in api(f"/conversations/{conversation}")["messages"] if m["id"] == message)
        state = found["translations"][0]["state"] if found["translations"] else "waiting"
        if state not in ("waiting", "translating"):
            return time.time() - begun, state
        if time.time() - begun > 60:
            sys.exit(f"a reply waited a minute for its translation: {found}")
        time.sleep(0.02)


def stream(smtp, answering):
    """Mails taken a second, without a pause, for as long as `answering` takes; at least COUNT mails."""
    over, rates = threading.Event(), []

    def send():
        while not rates or not over.is_set():
            rates.append(source(smtp, "pousada@relais.localhost", 10, COUNT))

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(0.5)
    answering()
    over.set()
    sender.join()
    return sum(rates) / len(rates)


def measured(folder):
    smtp, http = port(), port()
    process, token = started(folder, smtp, http, RELAIS_TRANSLATION__MODELS=str(MODELS), RELAIS_TRANSLATION__UNDO_SECONDS="0")
    api, replies, times, states = Api(http, token), texts(), [], []
    try:
        with smtplib.SMTP("127.0.0.1", smtp) as client:
            client.sendmail("john@guest.example", ["pousada@relais.localhost"], QUESTION)
        asked = lambda: next((c for c in api("/conversations")["conversations"] if c["visitor_address"] == "john@guest.example"), None)
        until(lambda: asked(), "the question")
        conversation = asked()["id"]
        alone = translated(api, conversation, next(replies))[0]
        alone = translated(api, conversation, next(replies))[0]

        def answer():
            for _ in range(REPLIES):
                seconds, state = translated(api, conversation, next(replies))
                times.append(seconds)
                states.append(state)

        before = stream(smtp, lambda: None)
        busy = stream(smtp, answer)
        after = stream(smtp, lambda: None)
    finally:
        process.terminate()
        process.wait()
    return alone, sorted(times), states, busy, (before + after) / 2


def main():
    if not MODELS.exists():
        print(f"replies: skipped, no models in {MODELS}")
        return
    folder = tempfile.mkdtemp(prefix="relais-bench-", dir=os.environ.get("BENCH_DIR", "/var/tmp"))
    try:
        alone, times, states, busy, resting = measured(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lost = [state for state in states if state not in ("ready", "done")]
    good = times[-1] < SECONDS and not lost
    print(f"a reply of {CHARS} characters: {alone:.2f} s alone; while mail comes without a pause, {len(times)} replies: "
          f"median {times[len(times) // 2]:.2f} s, longest {times[-1]:.2f} s ({'under' if good else 'NOT UNDER'} {SECONDS:.0f} s)")
    if lost:
        print(f"not translated: {lost}")
    print(f"mails taken a second meanwhile {busy:.0f}, of {resting:.0f} without replies: {busy / resting:.2f}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
