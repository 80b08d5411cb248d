"""Records how botocore's paginator pages through answers: `python3 record.py > cases.json`, with the botocore installed
whose models awsx packs."""

import json
import random
import sys

import botocore.loaders
from botocore.exceptions import BotoCoreError
from botocore.model import ServiceModel
from botocore.paginate import Paginator, TokenEncoder

LOADER = botocore.loaders.Loader()

# Service, operation, the input to begin with.
OPERATIONS = [
    ("iam", "ListUsers", {}),
    ("s3", "ListObjectsV2", {"Bucket": "parrots"}),
    ("s3", "ListBuckets", {}),
    ("s3", "ListParts", {"Bucket": "parrots", "Key": "k", "UploadId": "u"}),
    ("route53", "ListResourceRecordSets", {"HostedZoneId": "Z"}),
    ("dynamodb", "Scan", {"TableName": "parrots"}),
    ("kinesis", "DescribeStream", {"StreamName": "parrots"}),
    ("rds", "DownloadDBLogFilePortion", {"DBInstanceIdentifier": "i", "LogFileName": "f"}),
    ("athena", "GetQueryResults", {"QueryExecutionId": "q"}),
    ("apigateway", "GetUsage", {"usagePlanId": "p", "startDate": "d", "endDate": "d"}),
]


def texts(value):
    return [value] if isinstance(value, str) else value


def put(page, path, value):
    *way, last = path.split(".")
    for name in way:
        page = page.setdefault(name, {})
    page[last] = value


def shape_at(shape, path):
    for name in path.split("."):
        shape = shape.members[name]
    return shape


def sample(shape, rng, serial):
    kind = shape.type_name
    if kind == "string":
        return rng.choice(["a", "bird", "päärot", "ab\"c", ""])
    if kind in ("integer", "long", "double"):
        return rng.randrange(5)
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "list":
        return [f"item{serial}.{at}" for at in range(rng.randrange(5))]
    if kind == "map":
        return {f"key{serial}": [["1", "2"]]}
    return {"member": serial}


def token(shape, rng, serial):
    if shape.type_name == "map":
        return {"id": {"S": f"t{serial}"}, "bin": {"B": "AAEC"}}
    if shape.type_name == "integer":
        return serial + 1
    return rng.choice([f"t{serial}", f"tök\U0001f99c{serial}", "None"]) if rng.random() < 0.3 else f"t{serial}"


def pages(model, paginator, rng):
    count = rng.randrange(1, 5)
    stuck = rng.random() < 0.15
    made = []
    for serial in range(count):
        page = {"Unrelated": serial}
        output = model.output_shape
        for path in texts(paginator["result_key"]) + paginator.get("non_aggregate_keys", []):
            if rng.random() < 0.9:
                put(page, path, sample(shape_at(output, path), rng, serial))
        if serial + 1 < count or stuck:
            for path, name in zip(texts(paginator["output_token"]), texts(paginator["input_token"])):
                if rng.random() < 0.85:
                    shape = model.input_shape.members[name]
                    # Of the choices in some expressions the first.
                    put(page, path.split(" ")[0], token(shape, rng, 0 if stuck else serial))
            if "more_results" in paginator:
                put(page, paginator["more_results"], True)
        elif rng.random() < 0.3:
            for path in texts(paginator["output_token"]):
                put(page, path.split(" ")[0], "")
        made.append(page)
    if stuck:
        made += [json.loads(json.dumps(made[-1])) for _ in range(3)]
    return made


def starting_token(model, paginator, rng):
    names = texts(paginator["input_token"])
    # A text that is no token is passed on, which only texts survive.
    takes_texts = all(model.input_shape.members[name].type_name == "string" for name in names)
    choice = rng.randrange(6 if takes_texts else 2)
    if choice < 2:
        value = {name: token(model.input_shape.members[name], rng, 7) for name in names}
        if rng.random() < 0.3:
            value[names[-1]] = None
        if choice:
            value["boto_truncate_amount"] = rng.randrange(4)
        return TokenEncoder().encode(value)
    if choice == 2:
        return "plain"
    if choice == 3:
        return "___".join(["old"] * len(names) + ["2"])
    if choice == 4:
        return "___".join(["None"] * len(names) + ["1"])
    return rng.choice(["a___b___c___d___e", "MTIz!", "b2xk"])


def record(service, operation, start, rng):
    loaded = ServiceModel(LOADER.load_service_model(service, "service-2"), service)
    model = loaded.operation_model(operation)
    paginator = LOADER.load_service_model(service, "paginators-1", loaded.api_version)["pagination"][operation]
    answers = pages(model, paginator, rng)
    config = {}
    if rng.random() < 0.6:
        config["MaxItems"] = rng.randrange(0, 9)
    if rng.random() < 0.3:
        config["PageSize"] = rng.randrange(1, 5)
    if rng.random() < 0.4:
        config["StartingToken"] = starting_token(model, paginator, rng)
    case = {"service": service, "operation": operation, "input": start, "config": config}
    case["pages"] = json.loads(json.dumps(answers))

    requests = []
    script = iter(json.loads(json.dumps(answers)))

    def ask(**kwargs):
        requests.append(json.loads(json.dumps(kwargs)))
        try:
            return next(script)
        except StopIteration:
            return {}

    try:
        iterator = Paginator(ask, paginator, model).paginate(**start, PaginationConfig=dict(config))
        case["result"] = iterator.build_full_result()
    except (BotoCoreError, ValueError) as error:
        case["error"] = str(error)
    case["requests"] = requests
    return case


def cases():
    rng = random.Random(20261122)
    while True:
        for service, operation, start in OPERATIONS:
            try:
                yield record(service, operation, dict(start), rng)
            except (AttributeError, TypeError):
                # botocore itself fails: a number where it adds lists, a token that is no object.
                continue


def line(case):
    return json.dumps(case, separators=(",", ":"), ensure_ascii=False)


wanted = cases()
sys.stdout.write("[\n" + ",\n".join(line(next(wanted)) for _ in range(120)) + "\n]\n")
