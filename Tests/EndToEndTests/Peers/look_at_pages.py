"""Opens pages in Chromium as people see them: wide and narrow, light and dark, and on paper.

    look_at_pages.py --out FOLDER [--cookie NAME=VALUE] [--pages N] [NAME=]URL...

Writes a screenshot of each view and a PDF of each page, prints a line for each problem and a last line of JSON, and
ends with 1 where there was a problem: a message on the console, something that could not be loaded or that the page's
policy forbade, a page wider than its window, a text with too little contrast, a picture with hardly anything on it, or
more sheets of paper than --pages.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

import websocket

WIDTHS = {"wide": 1280, "narrow": 360}
SCHEMES = ("light", "dark")
# Of WCAG 2.1, 1.4.3: texts of 24 px, or of 18.66 px in bold, are large.
MEASURE = """(() => {
  const parse = text => { const m = text.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const behind = node => { const layers = [];
    for (let e = node; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reverse().reduce((under, top) => over(top, under), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]); };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const element = text.parentElement, style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!text.data.trim() || box.width < 2 || box.height < 2 || style.visibility === 'hidden') continue;
    const ink = parse(element.namespaceURI.endsWith('svg') ? style.fill : style.color), ground = behind(element);
    const [a, b] = [light(over(ink, ground)), light(ground)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
    const contrast = (a + .05) / (b + .05);
    if (contrast < (large ? 3 : 4.5)) faint.push(`${contrast.toFixed(2)}: ${text.data.trim().slice(0, 40)}`);
  }
  const root = document.documentElement;
  const wide = [...document.body.querySelectorAll('*')].filter(e => !e.closest('.scroll') && !e.closest('svg')
    && getComputedStyle(e).position !== 'absolute' && e.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 3).map(e => e.tagName + '.' + e.className);
  return {faint: [...new Set(faint)].slice(0, 8), overflow: root.scrollWidth - root.clientWidth, wide,
    title: document.title, height: root.scrollHeight};
})()"""


class Browser:
    """One page of a Chromium of its own, driven through its DevTools protocol."""

    def __init__(self):
        program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if program is None:
            sys.exit("there is no chromium: install Debian's package of that name")
        self.profile = tempfile.mkdtemp(prefix=f"lc-{os.getpid()}-chromium-")
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.number = 0
        self.events = []
        port = self._port()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(target for target in json.load(answer) if target["type"] == "page")
        self.socket = websocket.create_connection(
            page["webSocketDebuggerUrl"], suppress_origin=True, timeout=60, max_size=None)
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            self.call(f"{domain}.enable")

    def _port(self):
        file = pathlib.Path(self.profile, "DevToolsActivePort")
        for _ in range(600):
            if file.exists() and file.read_text().count("\n"):
                return int(file.read_text().split("\n")[0])
            time.sleep(0.1)
        sys.exit("chromium did not start")

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, url):
        self.events.clear()
        self.call("Page.navigate", url=url)
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(json.loads(self.socket.recv()))

    def complaints(self):
        """What the browser found wrong since the page was opened."""
        found = []
        for event in self.events:
            method, what = event.get("method"), event.get("params", {})
            if method == "Runtime.exceptionThrown":
                found.append("exception: " + what["exceptionDetails"].get("text", ""))
            elif method == "Runtime.consoleAPICalled":
                found.append("console: " + json.dumps([one.get("value") for one in what["args"]]))
            elif method == "Log.entryAdded" and what["entry"]["level"] in ("error", "warning"):
                found.append(f"log: {what['entry']['text']} {what['entry'].get('url', '')}")
            elif method == "Network.loadingFailed":
                found.append("not loaded: " + what.get("errorText", ""))
            elif method == "Audits.issueAdded":
                found.append("issue: " + what["issue"]["code"])
        return found

    def evaluate(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"]))
        return result["result"]["value"]


def rows(picture):
    """How many of a PNG's rows differ from all others, and how many there are: of an empty page hardly any does."""
    packed, place = b"", 8
    while place < len(picture):
        length, kind = struct.unpack(">I4s", picture[place:place + 8])
        if kind == b"IHDR":
            height = struct.unpack(">I", picture[place + 12:place + 16])[0]
        elif kind == b"IDAT":
            packed += picture[place + 8:place + 8 + length]
        place += 12 + length
    data = zlib.decompress(packed)
    stride = len(data) // height
    return len({data[start:start + stride] for start in range(0, len(data), stride)}), height


def look(browser, name, url, width, scheme, out):
    """Problems of one view, of which a screenshot is kept."""
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Emulation.setDeviceMetricsOverride",
                 width=WIDTHS[width], height=900, deviceScaleFactor=1, mobile=False)
    browser.open(url)
    seen = browser.evaluate(MEASURE)
    problems = browser.complaints()
    if seen["overflow"] > 0:
        problems.append(f"{seen['overflow']} px wider than the window, by {seen['wide']}")
    problems += [f"contrast {text}" for text in seen["faint"]]
    picture = browser.call("Page.captureScreenshot", captureBeyondViewport=True,
                           clip={"x": 0, "y": 0, "width": WIDTHS[width], "height": min(seen["height"], 12_000),
                                 "scale": 1})
    data = base64.b64decode(picture["data"])
    pathlib.Path(out, f"{name}-{width}-{scheme}.png").write_bytes(data)
    different, height = rows(data)
    if different < 40 or height < 200:
        problems.append(f"hardly anything on the picture: {different} different rows of {height}")
    return [f"{name}, {width}, {scheme}: {problem}" for problem in problems]


def sheets(browser, name, url, size, out):
    """On how many sheets of paper a page prints."""
    width, height = {"a4": (8.27, 11.69), "letter": (8.5, 11)}[size]
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    browser.open(url)
    paper = browser.call("Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=False,
                         preferCSSPageSize=True)
    data = base64.b64decode(paper["data"])
    pathlib.Path(out, f"{name}-{size}.pdf").write_bytes(data)
    return len(re.findall(rb"/Type\s*/Page\b", data))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--cookie", action="append", default=[])
    parser.add_argument("--pages", type=int)
    parser.add_argument("urls", nargs="+")
    options = parser.parse_args()
    pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
    problems, printed = [], {}
    browser = Browser()
    try:
        for text in options.urls:
            name, _, url = text.partition("=") if re.match(r"[A-Za-z0-9_-]+=", text) else ("", "", text)
            name = name or re.sub(r"\W+", "-", url.split("://", 1)[-1]).strip("-")
            for cookie in options.cookie:
                key, _, value = cookie.partition("=")
                browser.call("Network.setCookie", name=key, value=value, url=url)
            for width in WIDTHS:
                for scheme in SCHEMES:
                    problems += look(browser, name, url, width, scheme, options.out)
            printed[name] = {size: sheets(browser, name, url, size, options.out) for size in ("a4", "letter")}
            if options.pages and max(printed[name].values()) > options.pages:
                problems.append(f"{name}: prints on {printed[name]} sheets, not {options.pages}")
    finally:
        browser.close()
    for problem in problems:
        print(problem)
    print(json.dumps({"problems": len(problems), "sheets": printed}))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
