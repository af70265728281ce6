/** Which checks are shown, and of which cases. */
export interface Selection {
  check(id: string): boolean;
  case(key: string): boolean;
}
