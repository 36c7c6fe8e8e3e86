# Each file named, as the Ruby library reads it: one JSON list of events per file.
require "stringio"
require "json"
require "icalendar"

read = ARGV.map do |path|
  Icalendar::Calendar.parse(File.read(path, encoding: "UTF-8")).flat_map do |calendar|
    calendar.events.map do |event|
      { method: calendar.ip_method.to_s, uid: event.uid.to_s, sequence: event.sequence.to_i, status: event.status.to_s,
        starts: event.dtstart.to_time.to_i, ends: event.dtend.to_time.to_i, summary: event.summary.to_s,
        location: event.location.to_s, organizer: event.organizer.to_s, attendees: event.attendee.map(&:to_s) }
    end
  end
end
puts JSON.generate(read)
