import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon";

interface MessageProps {
  icon: IconName;
  title: string;
  /** `h1` where the message is the whole page. */
  heading?: "h1" | "h2";
  role?: "alert";
  children?: ComponentChildren;
}

/** A message in place of content that is empty, failed or missing. */
export function Message({ icon, title, heading: Heading = "h2", role, children }: MessageProps) {
  return (
    <section className="message" role={role}>
      <Icon name={icon} />
      <Heading>{title}</Heading>
      {children}
    </section>
  );
}
