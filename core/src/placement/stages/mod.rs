//! What decides beside the nodes, and how it is told: the books of a centre, quotas, reasons in words, hints, and the shapes
//! of a reseller's portal.

mod explain;
mod gpus;
mod hint;
mod judge;
mod ledger;
mod quota;
mod reseller;
mod tenant;

pub use gpus::{GpuFree, GpuStock, GpusFree};
pub use hint::{Action, Hint, Less};
pub use judge::{Centre, Explained, Judged, Ruling, Why};
pub use ledger::{Ledger, ModelMap, Stock, StockRow, StockShortage, Unstocked};
pub use quota::{Allotment, ByPart, Pool, PortalQuota, QuotaPart};
pub use reseller::{DiskQuota, ResellerNode, ResellerProduct, Undeployable, determine_accommodation, gpu_stock};
pub use tenant::{Allowance, QuotaExcess, TenantQuota};
