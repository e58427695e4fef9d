use super::table::errors;

errors! {
    /// What can be wrong with a call over the wire.
    WireError
    {
        /// No operation of that name.
        UnknownOperation {
            /// What was given.
            text: String,
        } = "wire.unknown_operation", NotFound,
            "no operation `{text}`; `operations` lists them",
            "没有操作 `{text}`；`operations` 会列出全部操作";
    }
}
