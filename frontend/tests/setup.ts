import { vi } from "vitest";

// All test files share a process. Each imports the page's modules anew, so that none finds the state
// that another has left in them, or a real module where it replaces one.
vi.resetModules();
