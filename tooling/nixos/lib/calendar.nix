# `buildSchedule` and `buildTime` as a calendar expression, systemd.time(7): apps/builder/src/schedule reads them alike.
{ buildSchedule, buildTime }:
let
  days = {
    mon = "Mon";
    tue = "Tue";
    wed = "Wed";
    thu = "Thu";
    fri = "Fri";
    sat = "Sat";
    sun = "Sun";
  };

  # The letters of their names.
  lower =
    builtins.replaceStrings
      [ "A" "D" "E" "F" "H" "I" "M" "N" "O" "R" "S" "T" "U" "W" ]
      [ "a" "d" "e" "f" "h" "i" "m" "n" "o" "r" "s" "t" "u" "w" ];

  time = builtins.match " *(([A-Za-z]{3})[a-z]* +)?([01]?[0-9]|2[0-3]):([0-5][0-9])(:00)? *" buildTime;
  day = builtins.elemAt time 1;
  hour = builtins.elemAt time 2;
  clock = "${if builtins.stringLength hour == 1 then "0" else ""}${hour}:${builtins.elemAt time 3}:00";
  weekday = if day == null then "Mon" else days.${lower day} or null;

  isDaily = buildSchedule == "daily" && time != null && day == null;
  isWeekly = buildSchedule == "weekly" && time != null && weekday != null;
in
{
  onCalendar =
    if isDaily then
      "*-*-* ${clock}"
    else if isWeekly then
      "${weekday} *-*-* ${clock}"
    else
      buildSchedule;

  # `daily` and `weekly` are calendar expressions themselves: with a time that says nothing they would run at midnight.
  isTimeRead = isDaily || isWeekly || !(builtins.elem buildSchedule [ "daily" "weekly" ]);
}
