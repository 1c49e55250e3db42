/** Fetches what shows results. The first visit needs none of it. */
export const loadResults = () => import("./Results");
