"""Writes the requests that botocore makes of generated inputs: one line of JSON for each operation of each service.

Usage: record.py OUT [SERVICE ...]

The requests are caught just before they would be sent, so endpoints, handlers and bodies are all in them. Signatures are
not: they differ with every second.
"""

import base64
import datetime
import io
import json
import multiprocessing
import sys

import botocore.session
from botocore import httpchecksum
from botocore.awsrequest import AWSPreparedRequest, AWSResponse, HeadersDict
from botocore.config import Config
from botocore.credentials import Credentials

REGION = "us-east-1"
# AWS CLI's own botocore differs from the public one in this.
httpchecksum.DEFAULT_CHECKSUM_ALGORITHM = "CRC64NVME"
# Characters that some part of a request must escape.
AWKWARD = {
    None: "a<b>&\"c'\u00fc+%/~ \\",
    "uri": "a b/c+d%~\u00fc",
    "querystring": "a b/c+d%&=?~\u00fc",
    "header": 'a, "b" c',
}
# What must make sense, because endpoints or checksums are made of it.
FIXED = {
    "AccountId": "123456789012",
    "Bucket": "example-bucket",
    "ChecksumAlgorithm": "SHA256",
    "Metadata": "ascii",
    "PredictEndpoint": "https://realtime.example.com",
    "SourceRegion": "us-west-2",
    "accountId": "123456789012",
}
ARNS = {
    "ConsumerARN": "arn:aws:kinesis:us-east-1:123456789012:stream/name/consumer/other:1",
    "KvsARN": "arn:aws:cloudfront::123456789012:key-value-store/abc123",
    "ResourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/name",
    "StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/name",
}
# What some services say their own endpoints are.
DISCOVERED = "discovered.example.com"
MOMENTS = [
    datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    datetime.datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=datetime.timezone.utc),
]


class Caught(Exception):
    def __init__(self, request):
        self.request = request


class Inputs:
    """Makes an input for an operation: every member, as far as types do not nest in themselves."""

    def __init__(self, model):
        self.count = 0
        # Members that hosts are made of must look like what they are.
        self.in_endpoint = {param.member_name for param in model.context_parameters}

    def structure(self, shape, depth, top=False):
        self.count += 1
        if getattr(shape, "is_document_type", False):
            return {"z": [1, 2.5, None, True], "a": {"text": "x"}}
        members = list(shape.members.items())
        if getattr(shape, "is_tagged_union", False):
            members = [members[self.count % len(members)]]
        made = {}
        for name, member in members:
            if member.serialization.get("eventstream"):
                continue
            value = self.value(name, member, depth, top)
            if value is not None:
                made[name] = value
        return made

    def value(self, name, shape, depth, top=False):
        kind = shape.type_name
        required_only = depth > 4
        if kind == "structure":
            return None if required_only else self.structure(shape, depth + 1)
        if kind == "list":
            if required_only:
                return []
            values = [self.value(name, shape.member, depth + 1) for _ in range(2)]
            return [value for value in values if value is not None]
        if kind == "map":
            if required_only:
                return {}
            value = self.value(name, shape.value, depth + 1)
            keys = [self.text("key", shape.key, plain=True), "second"]
            return {} if value is None else {key: value for key in keys}
        return self.scalar(name, shape, top)

    def scalar(self, name, shape, top):
        self.count += 1
        kind = shape.type_name
        if shape.serialization.get("jsonvalue") and shape.serialization.get("location") == "header":
            return {"b": [1, None], "a": "x"}
        if kind in ("string", "character"):
            return self.text(name, shape, plain=not top and shape.serialization.get("location") is not None)
        if kind in ("integer", "long"):
            return self.count % 7 + 1
        if kind in ("float", "double"):
            return [0.5, 1.0, 1e-07, 123456.789][self.count % 4]
        if kind == "boolean":
            return self.count % 2 == 0
        if kind == "timestamp":
            return MOMENTS[self.count % 2]
        if kind == "blob":
            return b"\x00bytes\xff"
        raise ValueError(kind)

    def text(self, name, shape, plain=False):
        if name in FIXED:
            return FIXED[name]
        if name in ARNS:
            return ARNS[name]
        if getattr(shape, "enum", None):
            return shape.enum[self.count % len(shape.enum)]
        if name in self.in_endpoint or shape.serialization.get("hostLabel") or shape.metadata.get("pattern", "").startswith("arn"):
            plain = True
        text = "abc123" if plain or self.count % 3 == 0 else AWKWARD.get(shape.serialization.get("location"), AWKWARD[None])
        return text.ljust(shape.metadata.get("min", 0), "x")


def record(name):
    global asking_for_endpoints
    session = botocore.session.Session()
    session.set_credentials("AKIDEXAMPLE", "secret")
    config = Config(
        retries={"total_max_attempts": 1},
        s3={"us_east_1_regional_endpoint": "regional"},
        parameter_validation=False,
    )
    client = session.create_client(name, region_name=REGION, config=config)
    client._request_signer.sign = lambda *args, **kwargs: None
    client.meta.events.register("before-send", catch)
    lines = []
    for operation in client.meta.service_model.operation_names:
        model = client.meta.service_model.operation_model(operation)
        given = Inputs(model).structure(model.input_shape, 0, top=True) if model.input_shape else {}
        asking_for_endpoints = operation == "DescribeEndpoints"
        line = {"service": name, "operation": operation, "input": portable(given)}
        try:
            client._make_api_call(operation, given)
        except Caught as caught:
            line["request"] = request(caught.request)
        except Exception as error:  # what botocore refuses, whatever it says
            line["error"] = f"{type(error).__name__}: {error}"
        lines.append(json.dumps(line))
    return lines


asking_for_endpoints = False


def catch(request, event_name, **_):
    asked = event_name.endswith(".DescribeEndpoints") and not asking_for_endpoints
    if asked and request.headers.get("X-Amz-Target", b"").startswith(b"Timestream"):
        answer = {"Endpoints": [{"Address": DISCOVERED, "CachePeriodInMinutes": 5}]}
        return AWSResponse(request.url, 200, HeadersDict(), Raw(json.dumps(answer).encode()))
    raise Caught(request)


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def request(sent: AWSPreparedRequest):
    body = sent.body or b""
    if isinstance(body, str):
        body = body.encode()
    if hasattr(body, "read"):
        body = body.read()
    text = lambda value: value.decode() if isinstance(value, bytes) else str(value)
    return {
        "method": sent.method,
        "url": sent.url,
        "headers": [[name, text(value)] for name, value in sent.headers.items()],
        "body": base64.b64encode(body).decode(),
    }


def portable(value):
    """As JSON: moments are seconds since 1970 as text, bytes are base64."""
    if isinstance(value, dict):
        return {key: portable(value) for key, value in value.items()}
    if isinstance(value, list):
        return [portable(value) for value in value]
    if isinstance(value, datetime.datetime):
        return f"{value.timestamp():.6f}"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def main():
    out, *services = sys.argv[1:]
    services = services or botocore.session.Session().get_available_services()
    with open(out, "w") as file, multiprocessing.Pool() as pool:
        for lines in pool.imap(record, services):
            file.writelines(line + "\n" for line in lines)


if __name__ == "__main__":
    main()
