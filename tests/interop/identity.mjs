// Says who a profile is, as AWS's JavaScript SDK sees it: one JSON line. Without a profile, whoever the SDK's own search
// for credentials finds.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromProcess, fromSSO } from "@aws-sdk/credential-providers";

const [profile, kind] = process.argv.slice(2);
const named = { process: fromProcess, sso: fromSSO };
const client = new STSClient(profile ? { credentials: named[kind ?? "sso"]({ profile }) } : {});
const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ Account, Arn, UserId }));
