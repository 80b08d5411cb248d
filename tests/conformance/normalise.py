"""What differs from run to run (ports, times, random names), taken out of what a program said, wrote and sent."""
import json
import re

TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00| UTC|UTC)?")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def text(said, url, home):
    if url:
        said = said.replace(url, "http://SERVER").replace(url.split("//")[1], "SERVER")
    said = said.replace(home, "$HOME")
    said = re.sub(r"\bawsx\b", "aws", said)
    said = re.sub(r"127\.0\.0\.1(:|%3A)\d+", r"127.0.0.1\1PORT", said)
    said = re.sub(r"(state=)[^&\s]+", r"\1STATE", said)
    said = re.sub(r"(code_challenge=)[^&\s]+", r"\1CHALLENGE", said)
    said = re.sub(r"Python/[\d.]+", "Python", said)
    return re.sub(r"\b[A-Za-z]+-session-\d{8,}", "SESSION", said)


def times(said):
    return TIME.sub("<TIME>", said)


def file(path, contents, url, home):
    contents = text(contents, url, home)
    if path.endswith(".json") and "cache" in path:
        try:
            document = json.loads(contents)
        except ValueError:
            return contents
        document = json.loads(times(json.dumps(document)))
        if isinstance(document, dict):
            document.pop("ResponseMetadata", None)
        return document
    return times(contents) if "credentials" in path else contents


def wire(seen):
    """What the program sent, in its order, then what its browser did, in the browser's.

    Which of the two is first is chance. Equal requests in a row count once: how often a device code is polled is
    the client's choice.
    """
    sent = [request(entry) for entry in seen]
    sent.sort(key=is_page)
    return [entry for i, entry in enumerate(sent) if i == 0 or entry != sent[i - 1]]


def is_page(entry):
    """Whether a browser asked for this."""
    return entry["method"] == "GET" and entry["path"] in ("/authorize", "/device")


def request(entry):
    entry = json.loads(UUID.sub("UUID", json.dumps(entry)))  # Idempotency tokens are filled in at random.
    entry.pop("headers", None)
    entry.pop("t", None)
    for fields in (entry.get("query", {}), entry.get("form", {}), entry.get("json", {})):
        if not isinstance(fields, dict):
            continue
        for name in ("state", "code_challenge", "codeVerifier", "clientName"):
            if name in fields:
                fields[name] = "*"
        for name in ("redirect_uri", "redirectUri"):
            if name in fields:
                fields[name] = re.sub(r":\d+/", ":PORT/", fields[name])
        if re.fullmatch(r"[A-Za-z-]+-\d{8,}", fields.get("RoleSessionName", "")):
            fields["RoleSessionName"] = "*"
    return entry
