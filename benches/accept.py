#!/usr/bin/env python3
"""Speed beside Postfix in the same run on the same disk: mails accepted durably, and readable over HTTP.

Both take the same 4 KB mails from Postfix's smtp-source over loopback; Postfix delivers into a Maildir, Relais threads
them and notifies a member. Figures are only worth their ratio: disks and neighbours differ.
"""
import json, os, pathlib, re, shutil, socket, subprocess, sys, tempfile, threading, time, urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNT = int(os.environ.get("COUNT", "4000"))
SUSTAINED_SECONDS = int(os.environ.get("SUSTAINED_SECONDS", "60"))
RUNS = [1, 10, 50]


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def source(server, recipient, sessions, count):
    begun = time.time()
    subprocess.run(["smtp-source", "-s", str(sessions), "-m", str(count), "-l", "4096", "-f", "bench@guest.example",
                    "-t", recipient, f"127.0.0.1:{server}"], check=True)
    return count / (time.time() - begun)


def until(check, what, seconds=300):
    begun = time.time()
    while not check():
        if time.time() - begun > seconds:
            sys.exit(f"waited {seconds} s for {what}")
        time.sleep(0.05)


def postfix(folder):
    smtp = port()
    script = ROOT / "tests/support/postfix.sh"
    subprocess.run([script, "start", folder, str(smtp), "1"], check=True, stdout=subprocess.DEVNULL)
    box = pathlib.Path(folder) / "mail/guest.example/bench/new"
    delivered = lambda: len(os.listdir(box)) if box.exists() else 0
    rates = {}
    for sessions in RUNS:
        before = delivered()
        begun = time.time()
        accept = source(smtp, "bench@guest.example", sessions, COUNT)
        until(lambda: delivered() >= before + COUNT, "Postfix to deliver")
        rates[sessions] = (accept, COUNT / (time.time() - begun))
    subprocess.run([script, "stop", folder], check=True)
    return rates


def started(folder, smtp, http, **more):
    log = open(os.path.join(folder, "log"), "w")
    process = subprocess.Popen([os.environ.get("RELAIS", ROOT / "target/release/relais"), "serve", "--demo", "--smtp", f"127.0.0.1:{smtp}", "--http",
                                f"127.0.0.1:{http}"], cwd=folder, env={**os.environ, **more},
                               stdout=subprocess.DEVNULL, stderr=log)
    token_file = pathlib.Path(folder) / "data/demo-token"
    until(lambda: token_file.exists(), "Relais to start")
    time.sleep(0.3)
    return process, token_file.read_text().strip()


def translating(folder):
    """Mails taken at 10 connections while the embedded engine translates without a pause, and while it rests."""
    models = ROOT / "target/models"
    if not models.exists():
        return None
    smtp, http = port(), port()
    process, token = started(folder, smtp, http, RELAIS_TRANSLATION__MODELS=str(models))
    stop, done = threading.Event(), []

    def translate():
        # Another text each time: what was said before is remembered.
        while not stop.is_set():
            text = f"We have a double room with a view of the river, number {len(done)}, and breakfast is served until ten."
            body = json.dumps({"text": text, "from": "en", "to": "pt"}).encode()
            headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            url = f"http://127.0.0.1:{http}/api/v1/translate/preview"
            urllib.request.urlopen(urllib.request.Request(url, body, headers)).read()
            done.append(1)

    resting = source(smtp, "pousada@relais.localhost", 10, COUNT)
    workers = [threading.Thread(target=translate) for _ in range(2)]
    [worker.start() for worker in workers]
    until(lambda: len(done) > 2, "the first translations")
    before = len(done)
    begun = time.time()
    busy = source(smtp, "pousada@relais.localhost", 10, COUNT)
    rate = (len(done) - before) / (time.time() - begun)
    stop.set()
    [worker.join() for worker in workers]
    process.terminate()
    process.wait()
    return resting, busy, rate


def relais(folder):
    smtp, http = port(), port()
    process, token = started(folder, smtp, http)
    rss = lambda: int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) / 1024

    def readable():
        request = urllib.request.Request(f"http://127.0.0.1:{http}/api/v1/counts", headers={"Authorization": f"Bearer {token}"})
        return json.load(urllib.request.urlopen(request))["conversations"]

    idle = rss()
    rates = {}
    for sessions in RUNS:
        before = readable()
        begun = time.time()
        accept = source(smtp, "pousada@relais.localhost", sessions, COUNT)
        until(lambda: readable() >= before + COUNT, "Relais to thread")
        rates[sessions] = (accept, COUNT / (time.time() - begun))
    busy = rss()
    # Long enough that no queue hides who is slower.
    count = int(rates[10][0] * SUSTAINED_SECONDS)
    before = readable()
    begun = time.time()
    accept = source(smtp, "pousada@relais.localhost", 10, count)
    until(lambda: readable() >= before + count, "Relais to thread")
    minute = (accept, count / (time.time() - begun), rss())
    process.terminate()
    process.wait()
    return rates, idle, busy, minute


def main():
    folder = tempfile.mkdtemp(prefix="relais-bench-", dir=os.environ.get("BENCH_DIR", "/var/tmp"))
    os.chmod(folder, 0o755)
    try:
        os.mkdir(f"{folder}/postfix", 0o755)
        os.mkdir(f"{folder}/relais")
        # Relais first: Postfix deletes a queue file per mail, and ext4 without a journal walks past every inode deleted
        # in the last minutes to create a file (recently_deleted in fs/ext4/ialloc.c). Relais deletes none.
        ours, idle, busy, minute = relais(f"{folder}/relais")
        os.mkdir(f"{folder}/translating")
        while_translating = translating(f"{folder}/translating")
        os.sync()
        theirs = postfix(f"{folder}/postfix")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{COUNT} mails of 4 KB; per second")
    print(f"{'connections':>12} {'Postfix takes':>14} {'Relais takes':>13} {'ratio':>6} {'Postfix delivers':>17} {'Relais readable':>16} {'ratio':>6}")
    for sessions in RUNS:
        (pa, pd), (ra, rd) = theirs[sessions], ours[sessions]
        print(f"{sessions:>12} {pa:>14.0f} {ra:>13.0f} {ra / pa:>6.2f} {pd:>17.0f} {rd:>16.0f} {rd / pd:>6.2f}")
    print(f"Relais: {idle:.0f} MB idle, {busy:.0f} MB after it")
    taken, readable, held = minute
    print(f"{SUSTAINED_SECONDS} s without a pause at 10 connections: {taken:.0f} taken a second, {readable:.0f} readable, "
          f"{readable / taken:.2f}; {held:.0f} MB")
    if while_translating:
        resting, busy, rate = while_translating
        print(f"taken at 10 connections while {rate:.1f} texts a second are translated and translated back: {busy:.0f} of {resting:.0f}, {busy / resting:.2f}")


if __name__ == "__main__":
    main()
