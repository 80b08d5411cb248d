//! The near end of a tunnel: this process's streams, or a connection.

use std::io::{self, Read, Write};

use awsx_http::{WebSocket, WebSocketError};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Bytes in a frame, at most.
const PIECE: usize = 65_000;
/// Frames that may wait.
const WAITING: usize = 4;

/// A tunnel and what is done at its near end.
pub(super) struct Ends {
    socket: WebSocket,
    input: mpsc::Receiver<Bytes>,
    output: mpsc::Sender<Bytes>,
    /// Ends when all that came through the tunnel is written.
    written: JoinHandle<()>,
}

impl Ends {
    /// Standard input and output. They are read and written on threads of their own: the one that waits for input ends
    /// with the process.
    pub(super) fn of_process(socket: WebSocket) -> Self {
        let (give, input) = mpsc::channel(WAITING);
        let (output, mut take) = mpsc::channel::<Bytes>(WAITING);
        std::thread::spawn(move || {
            let mut piece = vec![0; PIECE];
            let mut stdin = io::stdin().lock();
            while let Ok(read @ 1..) = stdin.read(&mut piece) {
                if give.blocking_send(Bytes::copy_from_slice(&piece[..read])).is_err() {
                    return;
                }
            }
        });
        let written = tokio::task::spawn_blocking(move || {
            let mut stdout = io::stdout().lock();
            while let Some(bytes) = take.blocking_recv() {
                if stdout.write_all(&bytes).and_then(|()| stdout.flush()).is_err() {
                    return;
                }
            }
        });
        Self { socket, input, output, written }
    }

    /// A connection of another program's.
    pub(super) fn of_connection(socket: WebSocket, connection: TcpStream) -> Self {
        let (give, input) = mpsc::channel(WAITING);
        let (output, mut take) = mpsc::channel::<Bytes>(WAITING);
        let (mut from, mut to) = connection.into_split();
        tokio::spawn(async move {
            let mut piece = vec![0; PIECE];
            while let Ok(read @ 1..) = from.read(&mut piece).await {
                if give.send(Bytes::copy_from_slice(&piece[..read])).await.is_err() {
                    return;
                }
            }
        });
        let written = tokio::spawn(async move {
            while let Some(bytes) = take.recv().await {
                if to.write_all(&bytes).await.is_err() {
                    return;
                }
            }
        });
        Self { socket, input, output, written }
    }

    /// Lets bytes through until either side has no more.
    pub(super) async fn join(self) -> Result<(), WebSocketError> {
        let ended = self.socket.tunnel(self.input, self.output).await;
        self.written.await.expect("writing does not panic");
        ended
    }
}
