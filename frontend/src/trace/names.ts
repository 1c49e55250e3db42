/** Whether a name is empty or has only spaces and invisible characters. */
export function isBlank(name: string): boolean {
  return /^[\p{Cc}\p{Cf}\p{Z}]*$/u.test(name);
}
