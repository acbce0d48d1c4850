//! A real Chromium, driven over its DevTools pipe: JSON messages that end in NUL, on file descriptors 3 and 4.
//!
//! A browser is one process with one tab. Whatever a page complains about (a dialogue, a script error, a breach of
//! the policy, a request to elsewhere) is kept, so that a test can say there was none.

#![allow(dead_code, unreachable_pub, reason = "each test uses its part")]

use std::{
    cell::{Cell, RefCell},
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

pub struct Browser {
    child: Child,
    to: RefCell<ChildStdin>,
    from: Receiver<Value>,
    last_id: Cell<u64>,
    session: RefCell<String>,
    loads: Cell<u32>,
    complaints: RefCell<Vec<String>>,
    site: RefCell<String>,
    runs_scripts: Cell<bool>,
    profile: tempfile::TempDir,
}

const PATIENCE: Duration = Duration::from_secs(40);

impl Browser {
    pub fn start() -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "exec 3<&0 4>&1; exec chromium \"$@\" </dev/null >/dev/null 2>&1", "sh"])
            .args(["--headless", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu"])
            .args(["--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking"])
            .args(["--lang=en", "--hide-scrollbars", "--force-color-profile=srgb"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut message = Vec::new();
            while out.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                let value = serde_json::from_slice(message.strip_suffix(&[0]).unwrap_or(&message));
                if sender.send(value.unwrap()).is_err() {
                    return;
                }
                message.clear();
            }
        });
        let browser = Browser {
            child,
            to: RefCell::new(to),
            from,
            last_id: Cell::new(0),
            session: RefCell::default(),
            loads: Cell::new(0),
            complaints: RefCell::default(),
            site: RefCell::default(),
            runs_scripts: Cell::new(true),
            profile,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        browser.session.replace(session.clone());
        browser.watch(&session);
        browser
    }

    /// Frames of another origin are targets of their own: they are listened to as well.
    fn watch(&self, session: &str) {
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.say(session, &format!("{domain}.enable"), json!({}));
        }
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true});
        self.say(session, "Target.setAutoAttach", attach);
    }

    fn say(&self, session: &str, method: &str, params: Value) -> u64 {
        let id = self.last_id.get() + 1;
        self.last_id.set(id);
        let mut message = json!({"id": id, "method": method, "params": params});
        if !session.is_empty() {
            message["sessionId"] = session.into();
        }
        let mut to = self.to.borrow_mut();
        to.write_all(message.to_string().as_bytes()).unwrap();
        to.write_all(&[0]).unwrap();
        id
    }

    /// One command; its result.
    #[track_caller]
    pub fn call(&self, method: &str, params: Value) -> Value {
        self.ask(method, params).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// The same, or what was wrong with it.
    #[track_caller]
    fn ask(&self, method: &str, params: Value) -> Result<Value, Value> {
        let session = self.session.borrow().clone();
        let id = self.say(&session, method, params);
        let begun = Instant::now();
        loop {
            match self.from.recv_timeout(Duration::from_millis(200)) {
                Ok(message) if message["id"] == id => {
                    return match &message["error"] {
                        Value::Null => Ok(message["result"].clone()),
                        error => Err(error.clone()),
                    };
                }
                Ok(message) => self.heard(&message),
                Err(RecvTimeoutError::Disconnected) => panic!("Chromium ended during {method}"),
                Err(RecvTimeoutError::Timeout) => {
                    assert!(begun.elapsed() < PATIENCE, "Chromium did not answer {method}");
                }
            }
        }
    }

    fn heard(&self, message: &Value) {
        let params = &message["params"];
        let session = message["sessionId"].as_str().unwrap_or_default();
        let complaint = match message["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" if session == *self.session.borrow() => {
                self.loads.set(self.loads.get() + 1);
                return;
            }
            "Target.attachedToTarget" => {
                self.watch(params["sessionId"].as_str().unwrap_or_default());
                return;
            }
            "Page.javascriptDialogOpening" => {
                self.say(session, "Page.handleJavaScriptDialog", json!({"accept": false}));
                format!("dialogue: {params}")
            }
            "Runtime.exceptionThrown" => format!("exception: {}", params["exceptionDetails"]),
            "Runtime.consoleAPICalled" => format!("console: {}", params["args"]),
            "Log.entryAdded" => format!("log: {}", params["entry"]),
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                let local = ["about:", "data:", "chrome", "blob:"];
                if url.starts_with(&*self.site.borrow()) || local.iter().any(|l| url.starts_with(l))
                {
                    return;
                }
                format!("request to elsewhere: {url}")
            }
            _ => return,
        };
        self.complaints.borrow_mut().push(complaint);
    }

    /// What the pages complained about since this was last asked.
    pub fn complaints(&self) -> Vec<String> {
        self.eval("0");
        self.complaints.take()
    }

    /// Opens an address and waits until it is loaded. The first one says which site is ours.
    #[track_caller]
    pub fn open(&self, url: &str) {
        if self.site.borrow().is_empty() {
            let site: Vec<&str> = url.splitn(4, '/').take(3).collect();
            self.site.replace(site.join("/"));
        }
        self.navigates(|| {
            let answer = self.call("Page.navigate", json!({"url": url}));
            assert!(answer["errorText"].is_null(), "{url}: {answer}");
        });
    }

    /// Does something that leads to another page, and waits until that is loaded.
    #[track_caller]
    pub fn navigates(&self, act: impl FnOnce()) {
        let before = self.loads.get();
        act();
        let begun = Instant::now();
        while self.loads.get() == before {
            assert!(begun.elapsed() < PATIENCE, "no new page was loaded");
            // Only listening: a question to a page that is going away is answered with an error.
            if let Ok(message) = self.from.recv_timeout(Duration::from_millis(20)) {
                self.heard(&message);
            }
        }
    }

    /// The value of an expression in the page; promises are waited for.
    #[track_caller]
    pub fn eval(&self, script: &str) -> Value {
        let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait(&self, script: &str) -> Value {
        let begun = Instant::now();
        loop {
            // A page that is just going away answers nothing.
            let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
            let answer = self.ask("Runtime.evaluate", asked).unwrap_or_default();
            let wrong = &answer["exceptionDetails"];
            assert!(wrong.is_null(), "{script}: {wrong}");
            let found = answer["result"]["value"].clone();
            if !matches!(found, Value::Null | Value::Bool(false)) {
                return found;
            }
            if begun.elapsed() > PATIENCE {
                let page = self.eval("document.location.href + document.body.innerText");
                panic!("waited for {script} on {page}; {:?}", self.complaints());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses the middle of an element with the mouse.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let quoted = json!(selector);
        let place = self.wait(&format!(
            "(() => {{ const e = document.querySelector({quoted}); if (!e) return null;
               e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const r = e.getBoundingClientRect();
               return r.width ? [r.x + r.width / 2, r.y + r.height / 2] : null; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event);
        }
    }

    /// Types where the focus is.
    pub fn text(&self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// Presses a key as a keyboard does: `Tab`, `Enter`, `Escape`, ` ` or a letter.
    pub fn key(&self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "ArrowDown" => (40, ""),
            "End" => (35, ""),
            key => (i32::from(key.to_ascii_uppercase().as_bytes()[0]), key),
        };
        let down = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [down, "keyUp"] {
            let mut event = json!({"type": kind, "key": key, "windowsVirtualKeyCode": code});
            if kind == "keyDown" {
                event["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", event);
        }
    }

    /// Chooses files for a file field.
    pub fn choose(&self, selector: &str, files: &[&Path]) {
        let root = self.call("DOM.getDocument", json!({}))["root"]["nodeId"].clone();
        let node = self.call("DOM.querySelector", json!({"nodeId": root, "selector": selector}));
        let set = json!({"files": files, "nodeId": node["nodeId"]});
        self.call("DOM.setFileInputFiles", set);
    }

    /// The size of the window in CSS pixels.
    pub fn size(&self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    pub fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": value}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    pub fn scripts(&self, run: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({"value": !run}));
        self.runs_scripts.set(run);
    }

    /// The page as the server writes it; nothing where scripts do not run or may not ask.
    pub fn source(&self) -> Option<String> {
        let asked = "fetch(location.href, {headers: {'x-live': '1'}}).then(page => page.text(), () => null)";
        if !self.runs_scripts.get() {
            return None;
        }
        let source = self.eval(asked).as_str().map(str::to_owned);
        // A policy without connect-src forbids the question, and the page did not ask it.
        if source.is_none() {
            self.complaints.borrow_mut().retain(|complaint| !complaint.contains("connect-src"));
        }
        source
    }

    /// A picture of the whole page in `target/screenshots`.
    pub fn picture(&self, name: &str) {
        self.shot(&format!("{name}.png"), &json!({"format": "png", "captureBeyondViewport": true}));
    }

    /// The same, small enough for `docs/pictures`.
    pub fn small_picture(&self, name: &str) {
        let format = json!({"format": "webp", "quality": 70, "captureBeyondViewport": true});
        self.shot(&format!("{name}.webp"), &format);
    }

    fn shot(&self, name: &str, format: &Value) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let shot = self.call("Page.captureScreenshot", format.clone());
        let bytes = data_encoding::BASE64.decode(shot["data"].as_str().unwrap().as_bytes());
        fs::write(folder.join(name), bytes.unwrap()).unwrap();
    }

    /// The page as it is printed, in `target/screenshots`; the words on the paper.
    pub fn printed(&self, name: &str) -> String {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("screenshots");
        fs::create_dir_all(&folder).unwrap();
        let printed = self.call("Page.printToPDF", json!({"printBackground": false}));
        let bytes = data_encoding::BASE64.decode(printed["data"].as_str().unwrap().as_bytes());
        let path = folder.join(format!("{name}.pdf"));
        fs::write(&path, bytes.unwrap()).unwrap();
        let read =
            Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output().unwrap();
        assert!(read.status.success(), "pdftotext: {}", String::from_utf8_lossy(&read.stderr));
        String::from_utf8(read.stdout).unwrap()
    }

    /// What axe-core finds wrong with the page as it is now; nothing where axe-core could not be had or
    /// scripts do not run (then its timers do not either).
    pub fn violations(&self) -> Vec<String> {
        if !self.runs_scripts.get() {
            return Vec::new();
        }
        let Some(axe) = axe() else { return Vec::new() };
        self.eval(&format!("{}; 0", fs::read_to_string(axe).unwrap()));
        let tags =
            "{runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}";
        let found = self.eval(&format!(
            "axe.run(document, {tags}).then(r => r.violations.map(v => v.id + ': ' + v.help + ' ' +
               v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))"
        ));
        serde_json::from_value(found).unwrap()
    }
}

/// axe-core, fetched once per target folder; without network there is none, and that is said.
fn axe() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let lock = fs::File::create(folder.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/axe.sh");
    let status = Command::new(script).arg(&folder).status().unwrap();
    if status.code() == Some(3) {
        println!("no network: axe-core did not look at the pages");
        return None;
    }
    assert!(status.success());
    Some(folder.join("package/axe.min.js"))
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.say("", "Browser.close", json!({}));
        }
        let begun = Instant::now();
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if std::thread::panicking() || begun.elapsed() > Duration::from_secs(5) {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.profile.path();
    }
}
