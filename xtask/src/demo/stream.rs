//! Runs a command and shows both of its streams in the order they come.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Nothing in the demo waits for a person, so this long means that something hangs.
const LIMIT: Duration = Duration::from_mins(1);

/// Runs `command`, hands each line to `show`, and returns all of them.
pub(super) fn run(command: &mut Command, mut show: impl FnMut(&str)) -> io::Result<(ExitStatus, String)> {
    let (reader, writer) = io::pipe()?;
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // Its own ends of the pipe would keep the reader waiting for ever.
    command.stdout(io::stderr()).stderr(io::stderr());

    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || send_lines(reader, &sender));
    let deadline = Instant::now() + LIMIT;
    let mut output = String::new();
    loop {
        match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                show(&line);
                output.push_str(&line);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return Ok((child.wait()?, output)),
            Err(mpsc::RecvTimeoutError::Timeout) => return Err(stop(&mut child, &output)),
        }
    }
}

fn send_lines(reader: impl Read, sender: &mpsc::Sender<String>) {
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            return;
        }
        line.clear();
    }
}

fn stop(child: &mut Child, output: &str) -> io::Error {
    // It may have ended in the meantime.
    let _ = child.kill();
    let _ = child.wait();
    io::Error::new(io::ErrorKind::TimedOut, format!("no end after {} s; so far:\n{output}", LIMIT.as_secs()))
}
