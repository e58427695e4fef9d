//! A way to a server that can be cut: at a packet of the client, before the server has it or before the client has the
//! answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU8, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// On which side of the server's work the way is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The server never sees the packet.
    Before,
    /// The server does what it says, and the client never hears of it.
    After,
}

/// A way to a server.
pub(super) struct Proxy {
    pub(super) port: u16,
    server: SocketAddr,
    cut: Arc<Cut>,
    open: JoinHandle<()>,
}

/// How many packets of clients are still let through; below zero, nothing is cut.
struct Cut {
    left: AtomicI64,
    side: AtomicU8,
}

const NEVER: i64 = i64::MIN;

impl Proxy {
    pub(super) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cut = Arc::new(Cut { left: AtomicI64::new(NEVER), side: AtomicU8::new(0) });
        let open = tokio::spawn(listen(listener, server, cut.clone()));
        Self { port, server, cut, open }
    }

    /// Cuts everything, and lets nobody in.
    pub(super) async fn close(&mut self) {
        self.open.abort();
        assert!((&mut self.open).await.unwrap_err().is_cancelled());
    }

    /// Lets everybody in again.
    pub(super) async fn open(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.open = tokio::spawn(listen(listener, self.server, self.cut.clone()));
    }

    /// Lets so many packets of clients through, and cuts at the next one.
    pub(super) fn cut_after(&self, packets: i64, side: Side) {
        self.cut.side.store(u8::from(side == Side::After), Ordering::SeqCst);
        self.cut.left.store(packets, Ordering::SeqCst);
    }

    /// Cuts nothing any more; whether something was cut.
    pub(super) fn mend(&self) -> bool {
        self.cut.left.swap(NEVER, Ordering::SeqCst) < 0
    }
}

async fn listen(listener: TcpListener, server: SocketAddr, cut: Arc<Cut>) {
    // Ended with this one.
    let mut ways = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        ways.spawn(carry(client, server, cut.clone()));
    }
}

async fn carry(mut client: TcpStream, server: SocketAddr, cut: Arc<Cut>) {
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    let (mut from_client, mut from_server) = ([0; 1 << 16], [0; 1 << 16]);
    loop {
        tokio::select! {
            read = client.read(&mut from_client) => {
                let Ok(count @ 1..) = read else { return };
                // One that is through counts down to -1: that one is cut, and no other.
                let is_cut = cut.left.load(Ordering::SeqCst) != NEVER && cut.left.fetch_sub(1, Ordering::SeqCst) == 0;
                let is_after = cut.side.load(Ordering::SeqCst) == 1;
                if is_cut && !is_after {
                    return;
                }
                if server.write_all(&from_client[..count]).await.is_err() {
                    return;
                }
                if is_cut {
                    // The answer is there, and nobody hears it.
                    return server.readable().await.unwrap_or_default();
                }
            }
            read = server.read(&mut from_server) => {
                let Ok(count @ 1..) = read else { return };
                if client.write_all(&from_server[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
