"""Stands between a client and moto: records the answers one program gets, then gives the same to another.

Two programs cannot both create the same thing, and moto gives everything a random name. So the second program's
requests are compared with the first's, and answered with what the first was told.
"""

import http.client
import json
import threading
import urllib.parse
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade", "content-length", "expect"}


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes


@dataclass
class Tape:
    """What one call asked and was told."""

    recording: bool = True
    requests: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    replayed: list = field(default_factory=list)


class Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, moto_port):
        super().__init__(("127.0.0.1", 0), Handler)
        self.moto_port = moto_port
        self.tape = Tape()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        body = self.read_body()
        request = comparable(self.command, self.path, self.headers, body)
        tape = self.server.tape
        if tape.recording:
            answer = self.forward(body)
            tape.requests.append(request)
            tape.answers.append(answer)
        else:
            tape.replayed.append(request)
            at = len(tape.replayed) - 1
            answer = tape.answers[at] if at < len(tape.answers) else Answer(599, [], b"")
        self.reply(answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = handle_any

    def read_body(self):
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.send_response_only(100)
            self.end_headers()
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def forward(self, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.moto_port, timeout=60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        headers["Content-Length"] = str(len(body))
        connection.request(self.command, self.path, body, headers)
        response = connection.getresponse()
        content = response.read()
        kept = [(name, value) for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP]
        return Answer(response.status, kept, content)

    def reply(self, answer):
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        length = len(answer.body)
        if self.command == "HEAD":
            length = 0
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(answer.body[:length])


def comparable(method, target, headers, body):
    """A request without what differs from one run to the next, or in ways that mean the same."""
    path, _, query = target.partition("?")
    request = {
        "method": method,
        "path": urllib.parse.unquote(path),
        "query": sorted(urllib.parse.parse_qsl(query, keep_blank_values=True)),
        "target": headers.get("X-Amz-Target"),
    }
    kind = headers.get("Content-Type", "")
    if "x-www-form-urlencoded" in kind:
        request["body"] = sorted(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
    elif "json" in kind and body:
        request["body"] = json.loads(body)
    return without_tokens(request)


def without_tokens(value):
    """Random tokens that clients make up stand in members of these names."""
    names = {"ClientToken", "clientToken", "ClientRequestToken", "clientRequestToken", "CallerReference", "idempotencyToken"}
    if isinstance(value, dict):
        return {key: without_tokens(each) for key, each in value.items() if key not in names}
    if isinstance(value, list):
        kept = [each for each in value if not (isinstance(each, (tuple, list)) and each and each[0] in names)]
        return [without_tokens(each) for each in kept]
    return value
