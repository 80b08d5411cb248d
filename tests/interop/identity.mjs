// Says who a profile is, as AWS's JavaScript SDK sees it: one JSON line.
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromSSO } from "@aws-sdk/credential-providers";

const profile = process.argv[2];
const client = new STSClient({ credentials: fromSSO({ profile }) });
const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ Account, Arn, UserId }));
