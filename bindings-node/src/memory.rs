//! The memory of the module: that of the columns of an answer is used again for the next one
//! (`docs/decisions/0010-node.md`).

use libmimalloc_sys::{mi_option_set_default, mi_option_t};
use mimalloc::MiMalloc;
use std::ffi::c_long;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// For how many milliseconds the system is not given back what is free. Answers live until the collector of JavaScript
/// comes by, so what is free is needed again only then; its own 10 ms had each page of the next answers cleared anew.
const KEPT: c_long = 500;

/// `mi_option_purge_delay` of `mimalloc.h`, which its crate has no name for.
const PURGE_DELAY: mi_option_t = 15;

/// What `MIMALLOC_PURGE_DELAY` says in the environment stands above it.
#[napi_derive::module_init]
#[allow(unsafe_code, reason = "a function of C, which only writes a number of its own and may be called at any time")]
fn keep_what_is_free() {
    // SAFETY: the option is one of the list of `mimalloc.h`, and it takes any number.
    unsafe { mi_option_set_default(PURGE_DELAY, KEPT) }
}
