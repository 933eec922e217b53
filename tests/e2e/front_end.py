"""The example front end: built by npm, and served on an origin of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "example_site/headless/dist"
INSTALL_HINT = "no Chromium, node or npm (Debian: apt install chromium nodejs npm)"


def find_npm() -> bool:
    """Whether the machine can build it."""
    return bool(shutil.which("node") and shutil.which("npm"))


def build() -> None:
    """Make the client from the schema, check all types, and build."""
    command = ["make", "--no-print-directory", "headless"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def serve(site: str) -> Iterator[str]:
    """What was built, for a Django at ``site``, under the strictest policy it bears."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' blob: {site}; connect-src 'self' {site}; "
        f"form-action 'none'; base-uri 'none'; frame-ancestors {site}"
    )
    config = {"api": f"{site}/crowdbrand/api/v1", "name": "Open calls"}
    handler = partial(Handler, policy=policy, config=config)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Handler(SimpleHTTPRequestHandler):
    """Files as they are; every other address is one of the front end's own."""

    def __init__(self, *args, policy: str, config: dict, **kwargs) -> None:
        self.policy, self.config = policy, config
        super().__init__(*args, directory=DIST, **kwargs)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/config.json":
            self.send_config()
            return
        if not (DIST / path.removeprefix("/")).is_file():
            self.path = "/index.html"
        super().do_GET()

    def send_config(self) -> None:
        body = json.dumps(self.config).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *args) -> None:
        """Quietly."""
