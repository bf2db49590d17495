const TIME_SPAN =
  /^(?<days>\d+)$|^(?:(?<d>\d+)\.)?(?<h>\d{1,2}):(?<m>\d{1,2})(?::(?<s>\d{1,2})(?:\.(?<f>\d{1,7}))?)?$/;

/**
 * Returns the milliseconds of a .NET TimeSpan text (`d`, `[d.]hh:mm[:ss[.fffffff]]`), the form that
 * host.json and timer schedules use; undefined when the text is not one
 * (https://learn.microsoft.com/dotnet/standard/base-types/standard-timespan-format-strings).
 */
export function parseTimeSpan(text: string): number | undefined {
  const groups = TIME_SPAN.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const days = Number(groups.days ?? groups.d ?? 0);
  const hours = Number(groups.h ?? 0);
  const minutes = Number(groups.m ?? 0);
  const seconds = Number(groups.s ?? 0);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = Number(`0.${groups.f ?? 0}`);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds + fraction) * 1000;
}
