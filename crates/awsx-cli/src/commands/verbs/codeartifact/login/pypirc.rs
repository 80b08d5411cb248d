//! The text of `.pypirc`, with the server `codeartifact` in it. Comments and other servers stay as they are, where AWS CLI
//! writes the file anew without them.

const SERVER: &str = "codeartifact";

/// A file with this server, and the public one, `pypi`.
pub(super) fn new(endpoint: &str, token: &str) -> String {
    format!(
        "[distutils]\nindex-servers = \n\tpypi\n\t{SERVER}\n\n[{SERVER}]\nrepository = {endpoint}\nusername = \
         aws\npassword = {token}\n\n"
    )
}

/// A file's text with this server in it, or what is wrong with the file.
pub(super) fn with(text: &str, endpoint: &str, token: &str) -> Result<String, String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let distutils = section(&lines, "distutils").ok_or("No section: 'distutils'")?;
    let servers = value(&lines, distutils.clone(), "index-servers")
        .ok_or("No option 'index-servers' in section: 'distutils'")?;
    let is_it = |line: &String| after_key(line).unwrap_or(line).trim() == SERVER;
    if !lines[servers.clone()].iter().any(is_it) {
        let indent = lines[servers.clone()].iter().skip(1).find(|line| !line.trim().is_empty());
        let indent = indent.map_or("\t", |line| &line[..line.len() - line.trim_start().len()]);
        lines.insert(servers.end, format!("{indent}{SERVER}"));
    }
    if section(&lines, SERVER).is_none() {
        if lines.last().is_some_and(|last| !last.trim().is_empty()) {
            lines.push(String::new());
        }
        lines.push(format!("[{SERVER}]"));
    }
    for (key, set) in [("repository", endpoint), ("username", "aws"), ("password", token)] {
        let section = section(&lines, SERVER).expect("it was there, or added");
        let line = format!("{key} = {set}");
        match value(&lines, section.clone(), key) {
            Some(old) => {
                lines.splice(old, [line]);
            }
            None => lines.insert(content_end(&lines, section), line),
        }
    }
    Ok(format!("{}\n", lines.join("\n")))
}

type Lines = std::ops::Range<usize>;

/// The lines of a section, with its heading.
fn section(lines: &[String], name: &str) -> Option<Lines> {
    let heading = format!("[{name}]");
    let start = lines.iter().position(|line| line.trim_end() == heading)?;
    let behind = lines[start + 1..].iter().position(|line| line.starts_with('['));
    Some(start..behind.map_or(lines.len(), |behind| start + 1 + behind))
}

/// The lines of a key: its own, and those that go on, further in.
fn value(lines: &[String], section: Lines, key: &str) -> Option<Lines> {
    let end = section.end;
    let start = section.into_iter().skip(1).find(|at| key_of(&lines[*at]).as_deref() == Some(key))?;
    let goes_on = |line: &&String| line.trim().is_empty() || line.starts_with([' ', '\t', '#', ';']);
    let more = lines[start + 1..end].iter().take_while(goes_on).count();
    Some(start..content_end(lines, start..start + 1 + more))
}

/// The end of lines without blank ones and comments behind.
fn content_end(lines: &[String], range: Lines) -> usize {
    let is_content = |line: &String| !line.trim().is_empty() && !line.trim_start().starts_with(['#', ';']);
    range.start + lines[range].iter().rposition(is_content).unwrap_or(0) + 1
}

fn key_of(line: &str) -> Option<String> {
    let begins = !line.starts_with([' ', '\t', '#', ';', '[']);
    let end = line.find(['=', ':']).filter(|_| begins)?;
    Some(line[..end].trim().to_lowercase())
}

/// What stands behind a line's key.
fn after_key(line: &str) -> Option<&str> {
    key_of(line)?;
    line.find(['=', ':']).map(|at| &line[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_added_and_all_else_stays() {
        let text = "# mine\n[distutils]\nindex-servers =\n    pypi\n    other\n\n[other]\nrepository: https://o\n# end\n";
        insta::assert_snapshot!(with(text, "https://e/", "t").unwrap(), @r"
        # mine
        [distutils]
        index-servers =
            pypi
            other
            codeartifact

        [other]
        repository: https://o
        # end

        [codeartifact]
        repository = https://e/
        username = aws
        password = t
        ");
    }

    #[test]
    fn a_new_file_is_one_that_needs_nothing_added() {
        let new = new("https://e/", "t");
        assert_eq!(with(&new, "https://e/", "t").unwrap(), new);
        let renewed = with(&new, "https://f/", "u").unwrap();
        assert_eq!(renewed, new.replace("https://e/", "https://f/").replace("= t\n", "= u\n"));
    }

    #[test]
    fn a_file_without_servers_is_refused_as_by_aws_cli() {
        assert_eq!(with("[x]\n", "e", "t").unwrap_err(), "No section: 'distutils'");
        let fault = with("[distutils]\na = b\n", "e", "t").unwrap_err();
        assert_eq!(fault, "No option 'index-servers' in section: 'distutils'");
    }
}
