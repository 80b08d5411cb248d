"""Says who a profile is, as boto3 sees it: one JSON line. Without a profile, whoever boto3's own search finds."""
import json
import sys

import boto3

profile = sys.argv[1] if len(sys.argv) > 1 else None
identity = boto3.Session(profile_name=profile).client("sts").get_caller_identity()
print(json.dumps({name: identity[name] for name in ("Account", "Arn", "UserId")}))
