/** The mark of the app: a clock that turns back. */
export function BrandMark({ size = 20 }: { readonly size?: number }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="var(--accent)"
      strokeWidth="1.9"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M3.2 10a6.8 6.8 0 1 1 2 4.8" />
      <path d="M3 16v-3.4h3.4" />
      <path d="M10 6.4V10l2.6 1.7" />
    </svg>
  )
}
