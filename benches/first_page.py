#!/usr/bin/env python3
"""The first page of the inbox with 100,000 conversations, and what 1,000 open pages cost.

Fills a house by `relais import`, then asks for the list, a search and a conversation again and again over one connection, and
opens event streams. RELAIS is the binary, COUNT the number of conversations, PAGES that of open pages.
"""
import gzip, http.client, os, pathlib, random, re, resource, shutil, socket, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELAIS = os.environ.get("RELAIS", str(ROOT / "target/release/relais"))
COUNT = int(os.environ.get("COUNT", "100000"))
PAGES = int(os.environ.get("PAGES", "1000"))
EACH = 20  # streams of one token
WORDS = "room night August breakfast parking arrive late dog sea view double price train station baby cot pool lift".split()


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def fill(path):
    chance = random.Random(1)
    with open(path, "w") as out:
        for n in range(COUNT):
            words = " ".join(chance.choices(WORDS, k=40))
            out.write(
                f"From g{n}@guest.example Mon Nov 23 09:00:00 2026\nFrom: Guest {n} <g{n}@guest.example>\n"
                f"To: pousada@relais.localhost\nSubject: Request {n} {chance.choice(WORDS)}\nMessage-ID: <m{n}@guest.example>\n"
                f"Date: {1 + n % 27} Oct 2026 {n % 24:02}:{n % 60:02}:00 +0000\n\nHello, do you have a {words}?\n\n")


def usage(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    ticks = int(fields[11]) + int(fields[12])
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, ticks / os.sysconf("SC_CLK_TCK")


class Inbox:
    def __init__(self, at, link, pid):
        self.pid, self.at, self.connection = pid, at, http.client.HTTPConnection("127.0.0.1", at)
        self.headers = {"Origin": f"http://127.0.0.1:{at}", "Accept-Encoding": "gzip"}
        answer, _ = self.ask("POST", link)
        self.headers["Cookie"] = answer.getheader("set-cookie").split(";")[0]

    def ask(self, method, path):
        self.connection.request(method, path, headers=self.headers)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def measure(self, name, path, times=100):
        """The clock says what a person waits, beside whatever else the machine does; the processor's time says what it costs."""
        took = []
        _, busy = usage(self.pid)
        for _ in range(times):
            begun = time.perf_counter()
            answer, body = self.ask("GET", path)
            took.append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200, (path, answer.status)
        took.sort()
        cpu = (usage(self.pid)[1] - busy) / times * 1000
        print(f"{name:30} median {statistics.median(took):6.1f} ms, 95 % {took[int(times * .95)]:6.1f} ms, processor {cpu:5.1f} ms, "
              f"{len(body)} bytes gzipped")


def readers(folder):
    """Tokens enough for all the open pages: one may hear over 20 streams, a house over 300."""
    relais = lambda *words: subprocess.run([RELAIS, *words], cwd=folder, check=True, capture_output=True, text=True).stdout
    keys = []
    while len(keys) * EACH < PAGES:
        if len(keys) % 15 == 0:
            house = f"house{len(keys)}@relais.localhost"
            relais("account", "add", "--address", house, "House")
        keys.append(re.search(r"\S{30,}", relais("token", "add", house, "--scope", "read"))[0])
    return keys


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, max(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    folder = tempfile.mkdtemp(prefix="relais-first-page-")
    smtp, at = port(), port()
    serve = [RELAIS, "serve", "--demo", "--smtp", f"127.0.0.1:{smtp}", "--http", f"127.0.0.1:{at}"]

    def start():
        server = subprocess.Popen(serve, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in server.stdout:
            if "/inbox/sign-in/" in line:
                return server, line.split()[-1].split(str(at), 1)[1]
        sys.exit("the gateway did not start")

    server, _ = start()
    server.terminate()
    server.wait()
    fill(f"{folder}/mbox")
    begun = time.time()
    subprocess.run([RELAIS, "import", f"{folder}/mbox", "--account", "pousada@relais.localhost", "--archive"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    print(f"{COUNT} conversations imported in {time.time() - begun:.0f} s")
    keys = readers(folder)
    server, link = start()
    streams = []
    try:
        inbox = Inbox(at, link, server.pid)
        _, body = inbox.ask("GET", "/inbox")
        inbox.measure("first page", "/inbox")
        inbox.measure("needs reply", "/inbox?filter=needs_reply")
        inbox.measure("search of one word", "/inbox?q=breakfast")
        inbox.measure("search of a name", "/inbox?q=from%3Ag4242")
        one = re.search(rb'href="(/inbox/[a-z0-9]+)#latest', gzip.decompress(body))[1].decode()
        inbox.measure("a conversation, list beside it", one)
        before, _ = usage(server.pid)
        for page in range(PAGES):
            stream = socket.create_connection(("127.0.0.1", at))
            key = keys[page // EACH]
            stream.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{at}\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
            assert stream.recv(300).startswith(b"HTTP/1.1 200")
            streams.append(stream)
        memory, busy = usage(server.pid)
        begun = time.time()
        # Each is asked every twenty seconds whether it may still hear.
        time.sleep(40)
        _, later = usage(server.pid)
        cpu = (later - busy) / (time.time() - begun) * 100
        print(f"{PAGES} open pages: {(memory - before) * 1024 / PAGES:.0f} KB each ({before:.0f} MB without them), {cpu:.1f} % of a core at rest")
        # The server has ended what was silent so long.
        inbox.connection.close()
        inbox.measure("first page beside them", "/inbox")
    finally:
        for stream in streams:
            stream.close()
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
