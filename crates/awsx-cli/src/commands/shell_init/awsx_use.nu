def "nu-complete awsx profiles" [] { ^awsx configure list-profiles | lines }

# Give this shell a profile's credentials, or take them out again.
def --env "awsx use" [
  profile?: string@"nu-complete awsx profiles" # the profile
  --role-arn: string # a role to take with its credentials
  --read-only # allow reading only, where a role is taken
  --unset # take the credentials out of the shell
] {
  let options = [
    (if $profile != null { [--profile $profile] } else { [] })
    (if $role_arn != null { [--role-arn $role_arn] } else { [] })
    (if $read_only { [--read-only] } else { [] })
  ] | flatten
  let fresh = if $unset { {} } else { ^awsx env --shell nu ...$options | from json }
  hide-env --ignore-errors ...(^awsx env --shell nu --unset | from json)
  load-env $fresh
}
