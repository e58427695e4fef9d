// What statements and payments are read from: a file of portal-day, or a small portal that is made up.

/** Amounts are text with their currency; instants are text of RFC 3339. */
export interface Books {
  name: string;
  owners(): { owner: string; currency: string; zone: string; months: string[] }[];
  statements(owner: string, month: string): StatementRow[];
  statement(number: number): StatementRow | null;
  lines(number: number): LineRow[];
  /** The latest first. */
  payments(owner: string): PaymentRow[];
  payment(number: number): PaymentMade | null;
  close(): void;
}

export interface Window {
  start: string;
  end: string;
}

export interface StatementRow {
  number: number;
  id: string;
  date: string;
  owner: string;
  unit: string;
  kind: string;
  sequence: number;
  original: string;
  payable: string;
  status: string;
  window: Window;
  /** The number of its payment; none for what is open, or was nothing. */
  payment: number | null;
}

export interface LineRow {
  resource: string;
  window: Window;
  takenBack: boolean;
  original: string;
  payable: string;
}

export interface PaymentRow {
  number: number;
  order: string;
  unit: string;
  amount: string;
  paidAt: string;
}

/** What `wallet.refund` takes of a payment. */
export interface PaymentMade {
  currency: string;
  charge: object;
  legs: { source: { kind: string; coupon?: string }; amount: string; before: string }[];
  refunds: { kept: { request: object; legs: object[]; state: string }; correction: boolean }[];
  coupons: object[];
}
