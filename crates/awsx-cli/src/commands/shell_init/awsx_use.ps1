# awsx-use PROFILE [options of `awsx env`]: this shell gets the profile's credentials.
function awsx-use {
    $program = Get-Command -CommandType Application awsx | Select-Object -First 1
    $words = @($args)
    if ($words.Count -gt 0 -and -not "$($words[0])".StartsWith('-')) { $words = @('--profile') + $words }
    $lines = & $program env --shell powershell @words
    if ($LASTEXITCODE -ne 0) { return }
    if ("$($lines | Select-Object -First 1)" -match '^(Remove-Item Env:|\$Env:)') {
        $lines | Out-String | Invoke-Expression
    } else {
        # Help, for instance, is to be read, not run.
        $lines
    }
}

Register-ArgumentCompleter -CommandName awsx-use -ScriptBlock {
    param($commandName, $parameterName, $wordToComplete)
    $program = Get-Command -CommandType Application awsx | Select-Object -First 1
    & $program configure list-profiles 2>$null | Where-Object { $_.StartsWith("$wordToComplete") } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new("'" + $_.Replace("'", "''") + "'", $_, 'ParameterValue', $_)
    }
}
