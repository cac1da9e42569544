#include "media_engine.h"

#include <sys/random.h>

#include <algorithm>
#include <utility>

namespace offhook {

namespace {

/// SSRC, sequence and timestamp begin at random values (RFC 3550 section 5.1), ones a stranger cannot guess.
std::uint64_t random_bits() {
  std::uint64_t bits = 0;
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) bits = static_cast<std::uint64_t>(monotonic_ns());
  return bits;
}

}  // namespace

MediaEngine::MediaEngine(const EngineOptions& options, std::function<void()> wake)
    : options_(options),
      ports_(options.port_min, options.port_max, static_cast<std::uint32_t>(random_bits())),
      sessions_(options.capacity),
      wake_(wake),
      thread_(options.capacity, std::move(wake)) {
  // The lowest slot is on top: slots in use stay together and pages touched once are used again.
  for (std::uint32_t slot = options.capacity; slot-- > 0;) free_slots_.push_back(slot);
}

MediaEngine::~MediaEngine() {
  thread_.stop();
  for (const auto& session : sessions_) {
    if (session != nullptr) session->tap.stop();
  }
  dispatch([](const Event&) {}, [](const ClosedRecording&) {});
}

std::optional<UdpPair> MediaEngine::bind_pair() {
  const MonotonicNs now = monotonic_ns();
  for (std::size_t tries = ports_.free_or_resting(); tries > 0; --tries) {
    const auto port = ports_.take(now);
    if (!port) return std::nullopt;
    if (auto pair = UdpPair::bind(options_.bind_address, *port)) return pair;
    ports_.give_back(*port, now);  // somebody else's; it may come free
  }
  return std::nullopt;
}

Session* MediaEngine::open() {
  if (free_slots_.empty()) return nullptr;
  auto pair = bind_pair();
  if (!pair) return nullptr;
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  const AudioSlot audio{options_.audio_memory + slot * options_.slot_bytes, options_.header_bytes, options_.ring_samples};
  sessions_[slot] = std::make_unique<Session>(slot, next_generation_, std::move(*pair), audio, thread_, random_bits());
  next_generation_ = next_generation_ == 0x7FFFFFFF ? 1 : next_generation_ + 1;
  open_ += 1;
  send(Command::Type::attach, *sessions_[slot]);
  return sessions_[slot].get();
}

void MediaEngine::send(Command::Type type, Session& session) {
  Command command;
  command.type = type;
  command.session = &session;
  thread_.command(command);
}

void MediaEngine::send(Command::Type type, Session& session, Session& other, Hearing hearing) {
  Command command;
  command.type = type;
  command.session = &session;
  command.other = &other;
  command.hearing = hearing;
  thread_.command(command);
}

void MediaEngine::close(Session& session) {
  if (std::exchange(session.closing, true)) return;
  send(Command::Type::detach, session);
}

Session* MediaEngine::find(std::uint32_t slot, std::uint32_t generation) const noexcept {
  if (slot >= sessions_.size() || sessions_[slot] == nullptr) return nullptr;
  return sessions_[slot]->generation == generation ? sessions_[slot].get() : nullptr;
}

void MediaEngine::configure(Session& session, std::unique_ptr<SessionConfig> config) {
  if (!config->secured || config->srtcp_in != nullptr) session.srtcp_in = std::move(config->srtcp_in);
  if (!config->secured || config->srtcp_out != nullptr) session.srtcp_out = std::move(config->srtcp_out);
  if (config->make_codec) {
    session.make_codec = std::move(config->make_codec);
    session.clock_rate_hz = config->clock_rate_hz;
    if (session.voice != nullptr) config->listener_codec = session.make_codec();
  }
  Command configure;
  configure.type = Command::Type::configure;
  configure.session = &session;
  configure.config = config.release();
  thread_.command(configure);
}

void MediaEngine::set_source(Session& session, Source source, const ToneOrder& tone) {
  Command command;
  command.type = Command::Type::set_source;
  command.session = &session;
  command.source = source;
  command.tone = tone;
  thread_.command(command);
}

void MediaEngine::set_source(Session& session, std::shared_ptr<const Sound> sound, float level) {
  send(Command::Type::set_source, session, sound, {.level = level});
}

void MediaEngine::set_background(Session& session, std::shared_ptr<const Sound> sound, float level, float level_under_speech) {
  send(Command::Type::background, session, sound, {.level = level, .level_under_speech = level_under_speech});
}

void MediaEngine::send(Command::Type type, Session& session, const std::shared_ptr<const Sound>& sound, SoundOrder order) {
  session.keep(sound);
  Command command;
  command.type = type;
  command.session = &session;
  command.source = Source::sound;
  command.sound = order;
  command.sound.sound = sound.get();
  thread_.command(command);
}

std::int64_t MediaEngine::inject(Session& session, std::span<const std::int16_t> samples, int rate_hz) {
  if (session.injection == nullptr) {
    session.injection = std::make_unique<Session::Injection>();
    send(Command::Type::inject, session);
  }
  return session.injection->writer.write(samples, rate_hz);
}

void MediaEngine::monitor(Session& session, bool on) {
  session.make_listenable();
  if (session.monitor == nullptr) session.monitor = std::make_unique<LineMonitor>(*session.voice, thread_.monitored_samples_lost());
  else if (on) session.monitor->drop();
  Command command;
  command.type = Command::Type::monitor;
  command.session = &session;
  command.monitored = on;
  thread_.command(command);
}

void MediaEngine::bridge(Session& one, Session& other) {
  if (one.closing || other.closing || &one == &other) return;
  one.make_listenable();
  other.make_listenable();
  send(Command::Type::bridge, one, other);
}

void MediaEngine::hear(Session& listener, Session& talker, Hearing what) {
  if (listener.closing || talker.closing || &listener == &talker) return;
  if (what == Hearing::told) talker.make_audible();
  else talker.make_listenable();
  send(Command::Type::hear, listener, talker, what);
}

void MediaEngine::unhear(Session& listener, Session& talker, Hearing what) {
  if (!listener.closing && !talker.closing) send(Command::Type::unhear, listener, talker, what);
}

void MediaEngine::set_gain(Session& session, float gain, std::uint32_t ramp_samples) {
  Command command;
  command.type = Command::Type::set_gain;
  command.session = &session;
  command.gain = gain;
  command.ramp_samples = ramp_samples;
  thread_.command(command);
}

void MediaEngine::expect_loss(Session& session, int percent) {
  Command command;
  command.type = Command::Type::expect_loss;
  command.session = &session;
  command.loss_percent = percent;
  thread_.command(command);
}

void MediaEngine::send_digit(Session& session, const DigitOrder& order) {
  Command command;
  command.type = Command::Type::send_digit;
  command.session = &session;
  command.digit = order;
  thread_.command(command);
}

std::optional<std::string> MediaEngine::start_recording(Session& session, const std::string& path, const std::optional<Seal>& seal) {
  std::string error;
  Command command;
  command.type = Command::Type::record;
  command.session = &session;
  command.recording = recorder_.open(path, kAudioRateHz, error, seal);
  if (command.recording == nullptr) return error;
  session.recording = command.recording;
  thread_.command(command);
  return std::nullopt;
}

void MediaEngine::stop_recording(Session& session) { send(Command::Type::record, session); }

void MediaEngine::pause_recording(Session& session, bool paused) {
  Command command;
  command.type = Command::Type::pause_recording;
  command.session = &session;
  command.paused = paused;
  thread_.command(command);
}

std::vector<MediaEngine::ControlPacket> MediaEngine::receive_control(const Session& session) {
  std::vector<ControlPacket> packets;
  control_batch_.compare_clocks();
  const std::size_t count = control_batch_.receive(session.sockets.rtcp.fd());
  const MonotonicNs now = monotonic_ns();
  for (std::size_t i = 0; i < count; ++i) {
    if (control_batch_.truncated(i)) continue;
    auto bytes = control_batch_.bytes(i);
    if (session.srtcp_in != nullptr) bytes = bytes.first(session.srtcp_in->unprotect(bytes));
    if (bytes.empty()) continue;
    packets.push_back({control_batch_.from(i), control_batch_.arrival(i, now), {bytes.begin(), bytes.end()}});
  }
  return packets;
}

void MediaEngine::send_control(const Session& session, std::span<const std::uint8_t> bytes, const Endpoint& to) noexcept {
  std::array<std::uint8_t, DatagramBatch::kDatagramBytes> packet;
  if (bytes.size() + kSrtpOverheadBytes > packet.size()) return;
  std::copy(bytes.begin(), bytes.end(), packet.begin());
  const std::size_t length = session.srtcp_out == nullptr ? bytes.size() : session.srtcp_out->protect(packet, bytes.size());
  if (length == 0) return;
  // Lost like any datagram when the socket will not take it.
  static_cast<void>(::sendto(session.sockets.rtcp.fd(), packet.data(), length, MSG_NOSIGNAL, &to.any, to.size()));
}

/// The media thread writes no more: the recorder may complete the file.
void MediaEngine::let_go(const Event& event) {
  Session* session = find(event.slot, event.generation);
  if (session != nullptr && session->recording == event.recording) session->recording = nullptr;
  recorder_.close(event.recording, [this, generation = event.generation](const WavRecorder::Result& result) {
    {
      const std::lock_guard lock(closed_mutex_);
      closed_recordings_.push_back({generation, result});
    }
    wake_();
  });
}

void MediaEngine::dispatch(const std::function<void(const Event&)>& listener, const RecordingListener& on_recording) {
  thread_.rearm_wake();
  Event event;
  while (thread_.next_event(event)) {
    Session* session = find(event.slot, event.generation);
    switch (event.type) {
      case Event::Type::retired:
        delete event.retired;
        break;
      case Event::Type::recording_let_go:
        let_go(event);
        break;
      case Event::Type::refill:
        if (session == nullptr) break;
        session->playout.refill();
        if (session->injection != nullptr) session->injection->queue.refill();
        break;
      case Event::Type::mark:
        if (session != nullptr) session->playout.refill();
        listener(event);
        break;
      case Event::Type::detached:
        if (session == nullptr) break;
        listener(event);  // the final counters are read here
        release(*session);
        break;
      default:
        listener(event);
        break;
    }
  }
  std::vector<ClosedRecording> closed;
  {
    const std::lock_guard lock(closed_mutex_);
    closed.swap(closed_recordings_);
  }
  for (const ClosedRecording& recording : closed) on_recording(recording);
}

void MediaEngine::release(Session& session) {
  const std::uint32_t slot = session.slot;
  session.heard.release();
  ports_.give_back(session.sockets.rtp_port, monotonic_ns());
  sessions_[slot].reset();
  free_slots_.push_back(slot);
  open_ -= 1;
}

}  // namespace offhook
