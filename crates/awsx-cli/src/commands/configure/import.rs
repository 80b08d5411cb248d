//! `configure import`: profiles from the console's CSV file of access keys.

use awsx_core::Secret;
use awsx_core::ini::Change;

use super::write::{credentials_file_changes, write_credentials};
use crate::context::Context;
use crate::error::{CommandError, CommandResult};

/// Take profiles over from the CSV file of access keys that the IAM console gives
///
/// Each row becomes a profile named for its user.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:
  awsx configure import --csv file://credentials.csv
  awsx configure import --csv file://credentials.csv --profile-prefix work- --skip-invalid")]
pub(crate) struct ImportArgs {
    /// The CSV text, or `file://` and the path of a CSV file
    #[arg(long)]
    csv: Secret<String>,
    /// Leave rows out that lack a value, instead of stopping
    #[arg(long)]
    skip_invalid: bool,
    /// Text to put before each profile's name
    #[arg(long, value_name = "PREFIX", default_value = "")]
    profile_prefix: String,
}

pub(crate) fn run(context: &Context, args: &ImportArgs) -> CommandResult {
    let text = read_csv(context, args.csv.expose())?;
    let users = parse(&text, args.skip_invalid)?;
    let sections: Vec<_> = users
        .iter()
        .map(|user| {
            let set = |key: &str, value: &str| Change::Set { key: key.to_owned(), value: value.to_owned() };
            let changes = vec![
                set("aws_access_key_id", user.access_key_id),
                set("aws_secret_access_key", user.secret_access_key),
            ];
            credentials_file_changes(&format!("{}{}", args.profile_prefix, user.name), changes)
        })
        .collect();
    if !sections.is_empty() {
        write_credentials(context, &sections)?;
    }
    context.ui.out(format_args!("Successfully imported {} profile(s)\n", sections.len()))
}

fn read_csv(context: &Context, given: &str) -> CommandResult<String> {
    let text = awsx_params::load_text(context.env(), "--csv", given)?;
    if text == given && context.env().expand_path(given).is_file() {
        return Err(CommandError::general(
            "You may be passing a file to import without the 'file://' prefix. To import a CSV file, use --csv \
             file://path/to/file.csv",
        ));
    }
    Ok(text)
}

#[derive(Debug, PartialEq, Eq)]
struct User<'a> {
    name: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
}

/// AWS CLI's headers and messages; like there, cells hold no quotes.
fn parse(text: &str, skip_invalid: bool) -> CommandResult<Vec<User<'_>>> {
    const HEADERS: [&str; 3] = ["User Name", "Access Key ID", "Secret Access key"];
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let Some(first) = lines.next().filter(|_| !text.trim().is_empty()) else {
        return Err(CommandError::general("Provided CSV contains no contents"));
    };
    let headers: Vec<&str> = first.split(',').map(str::trim).collect();
    let mut columns = [0; 3];
    for (column, header) in columns.iter_mut().zip(HEADERS) {
        let found = headers.iter().position(|found| found.eq_ignore_ascii_case(header));
        *column = found.ok_or_else(|| {
            let hint = "the file is the one that the IAM console gives when it creates a user's access key";
            CommandError::general(format!("Expected header \"{header}\" not found")).with_hint(hint)
        })?;
    }
    let mut users = Vec::new();
    for (index, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let cell = |which: usize| cells.get(columns[which]).copied().filter(|cell| !cell.is_empty());
        match [cell(0), cell(1), cell(2)] {
            [Some(name), Some(access_key_id), Some(secret_access_key)] => {
                users.push(User { name, access_key_id, secret_access_key });
            }
            _ if skip_invalid => {}
            missing => {
                let header =
                    HEADERS.iter().zip(missing).find(|(_, cell)| cell.is_none()).expect("one is missing").0;
                return Err(CommandError::general(format!(
                    "Failed to parse entry #{}: Row missing value for header \"{header}\"",
                    index + 1
                )));
            }
        }
    }
    Ok(users)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_found_whatever_their_case_and_place() {
        let users =
            parse("\u{feff}access key id, USER NAME ,Secret access key\nAK,alice,SK\n", false).unwrap();
        assert_eq!(users, [User { name: "alice", access_key_id: "AK", secret_access_key: "SK" }]);
    }

    #[test]
    fn faults_are_named_by_row_and_header_or_skipped() {
        let text = "User Name,Access key ID,Secret access key\na,A,S\nb,,S\n";
        let message = parse(text, false).unwrap_err().message;
        assert_eq!(message, "Failed to parse entry #2: Row missing value for header \"Access Key ID\"");
        assert_eq!(parse(text, true).unwrap().len(), 1);
        assert_eq!(parse("", false).unwrap_err().message, "Provided CSV contains no contents");
        assert_eq!(parse("a,b\n", false).unwrap_err().message, "Expected header \"User Name\" not found");
    }
}
