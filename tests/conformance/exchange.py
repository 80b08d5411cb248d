"""A server that forwards and records, replays what was recorded, or refuses everything.

- with `upstream`: forwards each request there and keeps the pair of request and answer;
- with `pairs`: answers from such pairs, an exact match first, else the next one for the same method and path;
- with neither: a sink that refuses every request. Only what is sent counts.
"""
import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

REFUSAL = {"status": 400, "headers": {"Content-Type": "application/json", "x-amzn-ErrorType": "Sunk"},
           "body": '{"__type":"Sunk","message":"sunk"}'}
UNKNOWN = {"status": 599, "headers": {}, "body": "no recorded answer"}
HOP_BY_HOP = ("host", "transfer-encoding", "content-length", "expect", "connection")
NOT_KEPT = ("date", "server", "connection", "transfer-encoding", "content-length", "status")


class Server:
    """`with Server(pairs=..., upstream=...) as server: server.url, server.seen`"""

    def __init__(self, pairs=None, upstream=None):
        self.seen, self.lock = [], threading.Lock()
        handler = type("BoundHandler", (Handler,), {"pairs": pairs, "upstream": upstream, "used": set(),
                                                    "seen": self.seen, "lock": self.lock})
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.httpd.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.httpd.server_port}"

    def __enter__(self):
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.httpd.shutdown()
        self.httpd.server_close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pairs = upstream = used = seen = lock = None

    def log_message(self, *_):
        pass

    def handle_request(self):
        body = self.read_body()
        request = describe(self.command, self.path, self.headers, body)
        with self.lock:
            self.seen.append(request)
            if self.upstream:
                answer = self.forward(body)
                self.pairs.append({"request": request, "response": answer})
            elif self.pairs is not None:
                answer = self.recorded_answer(request)
            else:
                answer = REFUSAL
        self.send(answer)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = do_PATCH = handle_request

    def read_body(self):
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if not size:
                return body

    def forward(self, body):
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.upstream.split("//")[1])
        connection.request(self.command, self.path, body=body or None, headers=headers)
        response = connection.getresponse()
        answer = response.read()
        kept = {name: value for name, value in response.headers.items() if name.lower() not in NOT_KEPT}
        if self.command == "HEAD" and response.headers.get("Content-Length"):
            kept["Content-Length-Head"] = response.headers["Content-Length"]
        return {"status": response.status, "headers": kept, "body": answer.decode("latin-1")}

    def recorded_answer(self, request):
        for key in (exact, loose):
            for i, pair in enumerate(self.pairs):
                if i not in self.used and key(pair["request"]) == key(request):
                    self.used.add(i)
                    return pair["response"]
        repeated = (pair["response"] for pair in self.pairs if exact(pair["request"]) == exact(request))
        return next(repeated, UNKNOWN)

    def send(self, answer):
        body = answer["body"].encode("latin-1")
        self.send_response(answer["status"])
        for name, value in answer["headers"].items():
            if name != "Content-Length-Head":
                self.send_header(name, value)
        if answer["status"] != 204:
            self.send_header("Content-Length", answer["headers"].get("Content-Length-Head") or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def loose(request):
    return request["method"], request["path"]


def exact(request):
    body = request.get("form") or request.get("json") or request.get("body")
    return *loose(request), json.dumps(request.get("query")), json.dumps(body)


def describe(method, path, headers, body):
    url = urlsplit(path)
    request = {"method": method, "path": url.path or "/",
               "query": dict(sorted(parse_qsl(url.query, keep_blank_values=True)))}
    content_type = headers.get("Content-Type") or ""
    if body and "form" in content_type:
        request["form"] = dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif body:
        try:
            if "json" not in content_type:
                raise ValueError("not JSON")
            request["json"] = json.loads(body)
        except ValueError:
            request["body"] = body.decode("latin-1")
    if headers.get("X-Amz-Target"):
        request["x-amz-target"] = headers["X-Amz-Target"]
    return request
