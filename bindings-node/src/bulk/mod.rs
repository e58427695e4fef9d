//! Tables in, tables out, off the main thread: columns of typed arrays and IPC of Arrow.

mod arguments;
mod column;
mod columns;
mod explanation;
mod framing;
mod ipc;
mod job;
mod rater;
mod statements;
mod table;
