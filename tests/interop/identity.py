"""Says who a profile is, as boto3 sees it: one JSON line."""
import json
import sys

import boto3

identity = boto3.Session(profile_name=sys.argv[1]).client("sts").get_caller_identity()
print(json.dumps({name: identity[name] for name in ("Account", "Arn", "UserId")}))
