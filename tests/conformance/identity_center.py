"""A scripted stand-in for IAM Identity Center, STS and the sign-in federation endpoint.

It speaks just enough of the wire protocols for a client to run whole flows against loopback:
SSO-OIDC (register, device authorization, authorize with PKCE, token incl. refresh),
the SSO portal (accounts, roles, role credentials, logout), STS (query protocol) and
`/federation` (getSigninToken). It is strict: a bad PKCE verifier, redirect URI, token, client or
refresh token is refused, and every request is logged for the caller to inspect.
"""
import base64
import hashlib
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

DEFAULTS = {
    "accounts": [
        {"accountId": "123456789022", "accountName": "ProductionAccount", "emailAddress": "production-account-admin@example.com"},
        {"accountId": "123456789011", "accountName": "DeveloperAccount", "emailAddress": "developer-account-admin@example.com"},
    ],
    "roles": {"123456789011": ["ReadOnly", "FullAccess"], "123456789022": ["ReadOnly"]},
    "page_size": 100,            # accounts/roles per page
    "pending": 1,                # authorization_pending answers before a device code is granted
    "slow_down": 0,              # slow_down answers before that
    "interval": 1,
    "expires_in": 28800,         # access token lifetime, seconds
    "role_ttl": 3600,            # role credential lifetime, seconds
    "refresh": True,             # hand out refresh tokens for scoped registrations
    "rotate_refresh": True,      # a refresh token serves once
    "deny": False,               # the user refuses in the browser
    "wrong_state": False,        # the redirect carries a forged state first
    "unauthorized_portal": False,
    "fail": {},                  # {"METHOD /path": [status, code, how many times]}
    "routes": {},                # {"METHOD /path": [status, body[, content type]]}: other services' answers
    "delay_ms": 0,
    "mfa_code": "123456",
}


class State:
    def __init__(self, cfg=None):
        self.cfg = {**DEFAULTS, **(cfg or {})}
        self.lock = threading.Lock()
        self.log = []
        self.clients, self.devices, self.codes = {}, {}, {}
        self.tokens, self.refresh = {}, {}
        self.n = 0
        self.fails = {k: list(v) for k, v in self.cfg["fail"].items()}

    def next(self, kind):
        self.n += 1
        return f"{kind}-{self.n:04d}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State = None

    def log_message(self, *a):
        pass

    # -- plumbing -----------------------------------------------------------------------------
    def _body(self):
        n = int(self.headers.get("Content-Length") or 0)
        if n:
            return self.rfile.read(n)
        if "chunked" in (self.headers.get("Transfer-Encoding") or ""):
            out = b""
            while True:
                size = int(self.rfile.readline().split(b";")[0], 16)
                chunk = self.rfile.read(size)
                self.rfile.readline()
                if not size:
                    return out
                out += chunk
        return b""

    def _send(self, status, body=b"", ctype="application/json", headers=()):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", ctype)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000")
        for k, v in headers:
            self.send_header(k, v)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _oidc_error(self, exc, code, desc="", status=400):
        self._send(status, {"error": code, "error_description": desc}, headers=[("x-amzn-ErrorType", exc)])

    def _handle(self):
        st, cfg = self.state, self.state.cfg
        raw = self._body()
        url = urlsplit(self.path)
        ctype = self.headers.get("Content-Type") or ""
        with st.lock:
            entry = {"method": self.command, "path": url.path, "query": dict(parse_qsl(url.query)),
                     "headers": {k.lower(): v for k, v in self.headers.items()}, "t": time.time()}
            if "json" in ctype and raw:
                entry["json"] = json.loads(raw)
            elif "form" in ctype and raw:
                entry["form"] = dict(parse_qsl(raw.decode()))
            elif raw:
                entry["body"] = raw.decode("utf-8", "replace")[:2000]
            st.log.append(entry)
            key = f"{self.command} {url.path}"
            if "form" in entry and "Action" in entry["form"]:
                key += " " + entry["form"]["Action"]
            f = st.fails.get(key)
            failing = None
            if f and f[2] > 0:
                f[2] -= 1
                failing = (f[0], f[1])
        if cfg["delay_ms"]:
            time.sleep(cfg["delay_ms"] / 1000)
        if failing:
            if failing[0] == 0:  # cut the connection
                self.close_connection = True
                self.connection.close()
                return
            self._send(failing[0], {"error": failing[1], "message": failing[1], "__type": failing[1]},
                       headers=[("x-amzn-ErrorType", failing[1])])
            return
        scripted = cfg["routes"].get(key)
        if scripted:
            status, body, *content_type = scripted
            return self._send(status, body if isinstance(body, (dict, list)) else body.encode(), *content_type)
        with st.lock:
            route = {
                ("POST", "/client/register"): self.register,
                ("POST", "/device_authorization"): self.device,
                ("POST", "/token"): self.token,
                ("GET", "/authorize"): self.authorize,
                ("GET", "/assignment/accounts"): self.accounts,
                ("GET", "/assignment/roles"): self.roles,
                ("GET", "/federation/credentials"): self.role_credentials,
                ("POST", "/logout"): self.logout,
                ("GET", "/federation"): self.federation,
                ("POST", "/federation"): self.federation,
                ("POST", "/"): self.sts,
            }.get((self.command, url.path))
            if route is None:
                return self._send(404, {"message": f"no route {self.command} {url.path}"})
            return route(entry)

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _handle

    # -- SSO-OIDC -----------------------------------------------------------------------------
    def register(self, e):
        st = self.state
        j = e["json"]
        if j.get("clientType") != "public" or not j.get("clientName"):
            return self._oidc_error("InvalidClientMetadataException", "invalid_client_metadata", "bad client")
        cid = st.next("client")
        st.clients[cid] = {"secret": f"secret-{cid}", "req": j}
        self._send(200, {"clientId": cid, "clientSecret": f"secret-{cid}", "clientIdIssuedAt": int(time.time()),
                         "clientSecretExpiresAt": int(time.time()) + 90 * 86400})

    def _client(self, j):
        c = self.state.clients.get(j.get("clientId"))
        if not c or c["secret"] != j.get("clientSecret"):
            self._oidc_error("InvalidClientException", "invalid_client", "unknown client", 401)
            return None
        return c

    def device(self, e):
        st, j = self.state, e["json"]
        if not self._client(j):
            return
        code = st.next("device")
        st.devices[code] = {"pending": st.cfg["pending"], "slow": st.cfg["slow_down"], "client": j["clientId"], "start_url": j.get("startUrl")}
        base = f"http://{self.headers['Host']}"
        self._send(200, {"deviceCode": code, "userCode": "QCFK-N451", "verificationUri": base + "/device",
                         "verificationUriComplete": base + "/device?user_code=QCFK-N451",
                         "expiresIn": 600, "interval": st.cfg["interval"]})

    def authorize(self, e):
        st, q = self.state, e["query"]
        c = st.clients.get(q.get("client_id"))
        redirect = q.get("redirect_uri", "")
        ok = (c and q.get("response_type") == "code" and q.get("code_challenge_method") == "S256" and q.get("code_challenge")
              and q.get("state") and re.fullmatch(r"http://127\.0\.0\.1:\d+/oauth/callback", redirect)
              and "http://127.0.0.1/oauth/callback" in c["req"].get("redirectUris", []))
        if not ok:
            return self._send(400, {"error": "invalid_request"})
        if st.cfg["deny"]:
            return self._send(302, headers=[("Location", redirect + "?" + urlencode({"error": "access_denied", "state": q["state"]}))])
        code = st.next("code")
        st.codes[code] = {"challenge": q["code_challenge"], "redirect": redirect, "client": q["client_id"]}
        state = "forged" if st.cfg["wrong_state"] else q["state"]
        self._send(302, headers=[("Location", redirect + "?" + urlencode({"code": code, "state": state}))])

    def _grant(self, client_id, scopes):
        st = self.state
        at = st.next("access")
        st.tokens[at] = {"client": client_id, "exp": time.time() + st.cfg["expires_in"]}
        out = {"accessToken": at, "tokenType": "Bearer", "expiresIn": st.cfg["expires_in"]}
        if st.cfg["refresh"] and scopes:
            rt = st.next("refresh")
            st.refresh[rt] = client_id
            out["refreshToken"] = rt
        self._send(200, out)

    def token(self, e):
        st, j = self.state, e["json"]
        c = self._client(j)
        if not c:
            return
        grant = j.get("grantType")
        scopes = c["req"].get("scopes")
        if grant == "urn:ietf:params:oauth:grant-type:device_code":
            d = st.devices.get(j.get("deviceCode"))
            if not d or d["client"] != j["clientId"]:
                return self._oidc_error("InvalidGrantException", "invalid_grant")
            if st.cfg["deny"]:
                return self._oidc_error("AccessDeniedException", "access_denied")
            if d["slow"] > 0:
                d["slow"] -= 1
                return self._oidc_error("SlowDownException", "slow_down")
            if d["pending"] != 0:
                d["pending"] -= 1
                return self._oidc_error("AuthorizationPendingException", "authorization_pending")
            del st.devices[j["deviceCode"]]
            return self._grant(j["clientId"], scopes)
        if grant == "authorization_code":
            code = st.codes.pop(j.get("code"), None)
            verifier = j.get("codeVerifier") or ""
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
            if (not code or code["client"] != j["clientId"] or code["redirect"] != j.get("redirectUri")
                    or code["challenge"].rstrip("=") != challenge or not 43 <= len(verifier) <= 128):
                return self._oidc_error("InvalidGrantException", "invalid_grant")
            return self._grant(j["clientId"], scopes)
        if grant == "refresh_token":
            rt = j.get("refreshToken")
            if st.refresh.get(rt) != j["clientId"]:
                return self._oidc_error("InvalidGrantException", "invalid_grant", "refresh token is not valid")
            if st.cfg["rotate_refresh"]:
                del st.refresh[rt]
            return self._grant(j["clientId"], scopes)
        self._oidc_error("UnsupportedGrantTypeException", "unsupported_grant_type")

    # -- SSO portal ---------------------------------------------------------------------------
    def _bearer(self, e):
        t = self.state.tokens.get(e["headers"].get("x-amz-sso_bearer_token"))
        if self.state.cfg["unauthorized_portal"] or not t or t["exp"] < time.time():
            self._send(401, {"message": "Session token not found or invalid", "__type": "com.amazonaws.switchboard.portal#UnauthorizedException"},
                       headers=[("x-amzn-ErrorType", "UnauthorizedException")])
            return False
        return True

    def _page(self, e, key, items):
        size = min(int(e["query"].get("max_result") or self.state.cfg["page_size"]), self.state.cfg["page_size"])
        start = int(e["query"].get("next_token") or 0)
        out = {key: items[start:start + size]}
        if start + size < len(items):
            out["nextToken"] = str(start + size)
        self._send(200, out)

    def accounts(self, e):
        if self._bearer(e):
            self._page(e, "accountList", self.state.cfg["accounts"])

    def roles(self, e):
        if self._bearer(e):
            acct = e["query"].get("account_id")
            self._page(e, "roleList", [{"roleName": r, "accountId": acct} for r in self.state.cfg["roles"].get(acct, [])])

    def role_credentials(self, e):
        if not self._bearer(e):
            return
        q = e["query"]
        if q.get("role_name") not in self.state.cfg["roles"].get(q.get("account_id"), []):
            return self._send(403, {"message": "No access", "__type": "com.amazonaws.switchboard.portal#ForbiddenException"},
                              headers=[("x-amzn-ErrorType", "ForbiddenException")])
        n = self.state.next("rc")
        self._send(200, {"roleCredentials": {"accessKeyId": f"ASIA{q['account_id']}", "secretAccessKey": f"sk-{q['role_name']}-{n}",
                                             "sessionToken": f"st-{q['role_name']}-{n}",
                                             "expiration": int((time.time() + self.state.cfg["role_ttl"]) * 1000)}})

    def logout(self, e):
        self.state.tokens.pop(e["headers"].get("x-amz-sso_bearer_token"), None)
        self._send(200)

    # -- sign-in federation -------------------------------------------------------------------
    def federation(self, e):
        q = {**e["query"], **e.get("form", {})}
        if q.get("Action") != "getSigninToken":
            return self._send(400, b"bad action", "text/plain")
        s = json.loads(q["Session"])
        if not all(s.get(k) for k in ("sessionId", "sessionKey", "sessionToken")):
            return self._send(400, b"bad session", "text/plain")
        self._send(200, {"SigninToken": "signin-" + s["sessionId"]})

    # -- STS ----------------------------------------------------------------------------------
    def sts(self, e):
        f = e.get("form") or {}
        action = f.get("Action")
        m = re.search(r"Credential=([^/]+)/", e["headers"].get("authorization", ""))
        key = m.group(1) if m else None

        def err(code, msg, status=403):
            body = (f'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code>'
                    f'<Message>{msg}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>')
            self._send(status, body.encode(), "text/xml")

        def ok(inner):
            body = (f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{inner}</{action}Result>'
                    f'<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></{action}Response>')
            self._send(200, body.encode(), "text/xml")

        if not key and action != "AssumeRoleWithWebIdentity":
            return err("MissingAuthenticationToken", "Request is missing Authentication Token")
        n = self.state.next("sts")
        exp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + int(f.get("DurationSeconds") or 3600)))
        creds = (f"<Credentials><AccessKeyId>ASIA{n.upper().replace('-', '')}</AccessKeyId><SecretAccessKey>sk-{n}</SecretAccessKey>"
                 f"<SessionToken>tok-{n}</SessionToken><Expiration>{exp}</Expiration></Credentials>")
        if action == "GetCallerIdentity":
            return ok(f"<Arn>arn:aws:sts::123456789011:assumed-role/{key}/me</Arn><UserId>AROAEXAMPLE:me</UserId><Account>123456789011</Account>")
        if f.get("SerialNumber") and f.get("TokenCode") != self.state.cfg["mfa_code"]:
            return err("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code.")
        if action == "GetSessionToken":
            return ok(creds)
        if action in ("AssumeRole", "AssumeRoleWithWebIdentity"):
            if "Denied" in f.get("RoleArn", ""):
                return err("AccessDenied", f"User is not authorized to perform: sts:AssumeRole on resource: {f['RoleArn']}")
            role = f["RoleArn"].split("/")[-1]
            return ok(creds + f"<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:{f['RoleSessionName']}</AssumedRoleId>"
                      f"<Arn>arn:aws:sts::123456789011:assumed-role/{role}/{f['RoleSessionName']}</Arn></AssumedRoleUser>")
        if action == "GetFederationToken":
            return ok(creds + f"<FederatedUser><FederatedUserId>123456789011:{f['Name']}</FederatedUserId>"
                      f"<Arn>arn:aws:sts::123456789011:federated-user/{f['Name']}</Arn></FederatedUser>")
        err("InvalidAction", f"Could not find operation {action}", 400)


class Server:
    """`with Server({...}) as server: server.url, server.seen`"""

    def __init__(self, cfg=None):
        self.state = State(cfg)
        handler = type("H", (Handler,), {"state": self.state})
        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.httpd.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.httpd.server_port}"

    def __enter__(self):
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *a):
        self.httpd.shutdown()
        self.httpd.server_close()

    @property
    def seen(self):
        return self.state.log
