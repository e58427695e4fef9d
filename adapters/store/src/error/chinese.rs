//! The messages in Chinese.

use super::StoreError;
use crate::sql::said;
use counterfoil::error::{Language, excerpt};

impl StoreError {
    pub(super) fn chinese(&self) -> String {
        match self {
            Self::Core(error) => error.message(Language::Chinese),
            Self::Conflict { what, id, fact } => {
                format!("存储中已有 {what} `{}`，且 {fact} 不同：请更正输入或使用新的标识", excerpt(id))
            }
            Self::NotFound { what, id } => format!("存储中没有 {what} `{}`：请先录入", excerpt(id)),
            Self::TwoInForce { revision, other, at } => format!(
                "价目表 `{}` 与 `{}` 在 {at} 同时有效：请让前一个在后一个开始时结束",
                excerpt(revision),
                excerpt(other)
            ),
            Self::OtherOwner { reading, owner } => {
                format!("计量 `{reading}` 属于 `{}`，而本次未录入其当日数据：请一并指定该所有者", excerpt(owner))
            }
            Self::Corrupt { table, row, column, fault } => {
                format!("表 `{table}` 中 `{}` 的 `{column}` 已损坏（{fault}）：请从备份恢复数据库", excerpt(row))
            }
            Self::SchemaTooNew { found, known } => {
                format!("数据库的结构版本为 {found}，当前程序最高支持 {known}：请使用更新的版本")
            }
            Self::ForeignSchema { fault } => format!("该数据库不是本库的存储（{fault}）：请指定其他文件"),
            Self::UnsupportedEngine { url } => {
                format!(
                    "`{}` 没有对应的存储：请指定文件、`sqlite:` 加路径、`postgres://…` 或 `mysql://…`，并启用同名 feature 构建",
                    excerpt(url)
                )
            }
            Self::Unsupported { what, text } => {
                format!("当前存储不支持 {what} `{}`：请使用更新的版本", excerpt(text))
            }
            Self::BadText { what, fault, longest } => {
                format!("{what} 无法保存（{fault}）：请提供不超过 {longest} 字节且不含 NUL 的文本")
            }
            Self::Busy => "数据库正被其他进程占用：请重试，未做任何更改".to_owned(),
            Self::Contended { tries, fault } => {
                format!("已尝试 {tries} 次，均被其他操作抢先（{fault}）：请重试，未做任何更改")
            }
            Self::Unreachable(error) => {
                format!("无法连接数据库服务器（{}）：请在其恢复后重试，未做任何更改", said(error))
            }
            Self::OutcomeUnknown(error) => {
                format!("数据库服务器在确认提交之前断开（{}）：请重新发送同一调用，已完成的不会重复执行", said(error))
            }
            Self::Full(error) => format!("数据库空间不足（{}）：请腾出空间后重试，未做任何更改", said(error)),
            Self::Io(error) => format!("数据库出错（{}）：请检查路径、权限和剩余空间", said(error)),
        }
    }
}
