#include "sender.h"

#include <algorithm>
#include <limits>

namespace offhook {

namespace {
constexpr std::uint32_t kTicksPerSecond = 200;
constexpr std::size_t kSamplesPerMs = kAudioRateHz / 1000;
constexpr std::int64_t kSamplesPerTick = kAudioRateHz / kTicksPerSecond;
/// What receivers of key presses surely notice (Q.24), and what nobody means to press longer than.
constexpr double kShortestPressMs = 60;
constexpr double kLongestPressMs = 4'000;
constexpr std::uint32_t kBridgedGapMs = 60;

/// Of the engine's own clock, in samples.
constexpr std::int64_t position_at(std::uint64_t tick) noexcept { return static_cast<std::int64_t>(tick) * kSamplesPerTick; }
}  // namespace

Sender::Sender(std::uint32_t slot, std::uint32_t generation, int rtp_fd, PlayoutQueue& playout, EchoCanceller& canceller,
               SessionCounters& counters, OwnPresses& own_presses, RecordingTap& recording, EventSink& events, std::uint64_t random)
    : slot_(slot),
      generation_(generation),
      rtp_fd_(rtp_fd),
      playout_(playout),
      canceller_(canceller),
      counters_(counters),
      own_presses_(own_presses),
      recording_(recording),
      events_(events),
      ssrc_(static_cast<std::uint32_t>(random)),
      sequence_(static_cast<std::uint16_t>((random >> 32U) & 0x7FFFU)),
      timestamp_base_(static_cast<std::uint32_t>(random >> 31U)) {}

void Sender::configure(const SessionConfig& config, bool fresh_codec) noexcept {
  // Packets of another length begin in another tick: what lies between is a pause.
  if (fresh_codec || config_ == nullptr || config_->ptime_ms != config.ptime_ms) in_talkspurt_ = false;
  if (!config.in_band_digits) tones_.cancel();
  config_ = &config;
}

void Sender::set_source(Source source, const ToneOrder& tone, const SoundOrder& sound) noexcept {
  source_ = source;
  sound_.play(source == Source::sound ? sound.sound : nullptr, sound.level, sound.level);
  if (source == Source::tone) cadence_.start(tone);
  echo_.clear();
}

void Sender::bridge_digit(char digit, double duration_ms) noexcept {
  if (config_ == nullptr || !takes_digits()) return;
  const auto press_ms = static_cast<std::uint32_t>(std::clamp(duration_ms, kShortestPressMs, kLongestPressMs));
  send_digit({.digit = digit, .duration_ms = press_ms, .gap_ms = kBridgedGapMs});
}

Event Sender::event(Event::Type type, MonotonicNs at) const noexcept {
  Event event;
  event.type = type;
  event.slot = slot_;
  event.generation = generation_;
  event.at = at;
  return event;
}

void Sender::send(std::uint64_t tick, MonotonicNs deadline, const Endpoint* destination) noexcept {
  if (config_ == nullptr) return;
  std::array<std::int16_t, kMaxSentSamples> buffer;
  const auto frame = std::span(buffer).first(config_->ptime_ms * kSamplesPerMs);
  // What comes back of somebody else's voice is not ours to take away.
  std::array<std::int16_t, kMaxSentSamples> own_buffer;
  const auto own = std::span(own_buffer).first(frame.size());
  const bool said = say(frame, own, tick, deadline, destination);
  if (!said || source_ == Source::echo) std::fill(own.begin(), own.end(), std::int16_t{0});
  canceller_.sent(own);
  if (told_ != nullptr) told_->tell(own, position_at(tick));
  if (monitor_ == nullptr) return;
  if (!said) std::fill(frame.begin(), frame.end(), std::int16_t{0});
  monitor_->pass(frame, position_at(tick), deadline);
}

/// Composes one packet time of audio and sends it; `own` is what of it is no other's. False when none is due.
bool Sender::say(std::span<std::int16_t> frame, std::span<std::int16_t> own, std::uint64_t tick, MonotonicNs deadline, const Endpoint* destination) noexcept {
  if (!config_->sends || destination == nullptr) {
    in_talkspurt_ = false;
    return false;
  }
  if (send_press(tick, deadline, *destination)) {
    // What was said meanwhile has passed.
    mix(frame, tick, deadline);
    return false;
  }
  const bool pressing = press_in_band(frame, tick, deadline);
  const Composed composed = pressing ? Composed{} : compose(frame);
  if (!pressing) inject(frame, deadline);
  std::copy(frame.begin(), frame.end(), own.begin());
  if (!pressing) mix(frame, tick, deadline);
  PacketBuffer packet;  // on the stack it stays in the cache, unlike one per session
  const auto room = std::span(packet).first(kMaxPacketBytes - kSrtpOverheadBytes).subspan(kRtpHeaderBytes);
  const Payload payload = payload_of(frame, room);
  if (payload.bytes > 0) {
    const RtpHeader header{.payload_type = payload.noise ? *config_->noise_payload_type : config_->payload_type,
                           .marker = !payload.noise && !in_talkspurt_,
                           .sequence = sequence_,
                           .timestamp = timestamp_at(tick, config_->clock_rate_hz),
                           .ssrc = ssrc_};
    send_packet(packet, write_rtp_header(packet, header) + payload.bytes, *destination, tick, deadline);
  } else {
    last_sent_at_ = deadline;
  }
  in_talkspurt_ = payload.bytes > 0 && !payload.noise;
  recording_.sent(frame, deadline);
  after_queue_frame(composed, last_sent_at_);
  return true;
}

/// What stands for this frame on the line, if anything.
Sender::Payload Sender::payload_of(std::span<const std::int16_t> frame, std::span<std::uint8_t> out) noexcept {
  if (config_->suppresses_silence) {
    switch (suppressor_.look(frame)) {
      case SilenceSuppressor::Verdict::nothing:
        return {};
      case SilenceSuppressor::Verdict::comfort_noise:
        std::copy(SilenceSuppressor::kPayload.begin(), SilenceSuppressor::kPayload.end(), out.begin());
        return {.bytes = SilenceSuppressor::kPayload.size(), .noise = true};
      case SilenceSuppressor::Verdict::speak:
        break;
    }
  }
  return {.bytes = config_->codec->encode(frame, out)};
}

std::uint32_t Sender::timestamp_at(std::uint64_t tick, std::uint32_t clock_rate_hz) const noexcept {
  return static_cast<std::uint32_t>(timestamp_base_ + tick * (clock_rate_hz / kTicksPerSecond));
}

bool Sender::send_digit(const DigitOrder& order) noexcept {
  if (digits_count_ == kMostDigits) return false;
  digits_[(digits_head_ + digits_count_) % kMostDigits] = order;
  digits_count_ += 1;
  return true;
}

bool Sender::digit_due() const noexcept {
  if (digits_count_ == 0) return false;
  const DigitOrder& next = digits_[digits_head_];
  return source_ != Source::queue || playout_.position() >= next.position || playout_.generation() != next.queue_generation;
}

/// The queue stops where a key press waits to be sent.
std::int64_t Sender::playout_limit() const noexcept {
  if (gap_ms_ > 0) return 0;
  if (digits_count_ == 0 || !takes_digits()) return std::numeric_limits<std::int64_t>::max();
  return digits_[digits_head_].position;
}

DigitOrder Sender::next_digit() noexcept {
  const DigitOrder order = digits_[digits_head_];
  digits_head_ = (digits_head_ + 1) % kMostDigits;
  digits_count_ -= 1;
  return order;
}

/// Fills the frame with the sound of a key press in place of other audio. False when none is due.
bool Sender::press_in_band(std::span<std::int16_t> frame, std::uint64_t tick, MonotonicNs deadline) noexcept {
  if (!config_->in_band_digits) return false;
  if (!tones_.active()) {
    if (!digit_due()) return false;
    const DigitOrder order = next_digit();
    if (!tones_.start(order.digit, order.duration_ms, order.gap_ms)) return false;
    pressed_ = *dtmf_key_of(order.digit);
  }
  // What was said meanwhile has passed.
  mix(frame, tick, deadline);
  tones_.next(frame);
  own_presses_.pressing(pressed_, deadline);
  return true;
}

/// Sends one packet of a key press in place of audio. False when none is due.
bool Sender::send_press(std::uint64_t tick, MonotonicNs deadline, const Endpoint& destination) noexcept {
  if (!config_->event_payload_type) return false;
  const std::uint32_t clock_rate_hz = config_->event_clock_rate_hz;
  if (!press_.active()) {
    if (gap_ms_ > 0) {
      gap_ms_ -= std::min(gap_ms_, config_->ptime_ms);
      return false;
    }
    if (!digit_due()) return false;
    const DigitOrder order = next_digit();
    gap_ms_ = order.gap_ms;
    const std::uint32_t ticks = order.duration_ms * (clock_rate_hz / 1000);
    if (!press_.start(order.digit, timestamp_at(tick, clock_rate_hz), ticks,
                      static_cast<std::uint16_t>(clock_rate_hz / 1000 * config_->ptime_ms))) {
      return false;
    }
  }
  const TelephoneEventSender::Packet press = press_.next();
  const RtpHeader header{.payload_type = *config_->event_payload_type,
                         .marker = press.marker,
                         .sequence = sequence_,
                         .timestamp = press.timestamp,
                         .ssrc = ssrc_};
  PacketBuffer packet;  // on the stack it stays in the cache, unlike one per session
  const std::size_t header_bytes = write_rtp_header(packet, header);
  std::copy(press.payload.begin(), press.payload.end(), packet.begin() + static_cast<std::ptrdiff_t>(header_bytes));
  send_packet(packet, header_bytes + press.payload.size(), destination, tick, deadline);
  in_talkspurt_ = false;
  return true;
}

/// At their own level: the gain is that of the agent's voice.
void Sender::mix(std::span<std::int16_t> frame, std::uint64_t tick, MonotonicNs deadline) const noexcept {
  if (!voices_.empty()) voices_.add_to(frame, position_at(tick), deadline);
}

/// At its own level too.
void Sender::inject(std::span<std::int16_t> frame, MonotonicNs deadline) noexcept {
  if (injection_ == nullptr || injection_->idle()) return;
  std::array<std::int16_t, kMaxSentSamples> over;
  const PlayoutQueue::Taken taken = injection_->take(std::span(over).first(frame.size()), std::numeric_limits<std::int64_t>::max());
  add(frame, over);
  if (taken.wants_refill) events_.emit(event(Event::Type::refill, deadline));
}

Sender::Composed Sender::compose(std::span<std::int16_t> frame) noexcept {
  Composed composed;
  switch (source_) {
    case Source::queue:
      composed.queue = playout_.take(frame, playout_limit());
      break;
    case Source::echo: {
      const std::size_t got = echo_.take(frame);
      std::fill(frame.begin() + static_cast<std::ptrdiff_t>(got), frame.end(), std::int16_t{0});
      break;
    }
    case Source::tone:
      cadence_.next(frame);
      break;
    case Source::sound:
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
      sound_.add_to(frame, false);
      return composed;
    case Source::bridge:
      std::fill(frame.begin(), frame.end(), std::int16_t{0});
      break;
  }
  composed.full_level = gain_.apply(frame) && composed.queue.audible && !composed.queue.fading;
  if (source_ == Source::queue) background_.add_to(frame, composed.queue.audible);
  return composed;
}

void Sender::after_queue_frame(const Composed& composed, MonotonicNs sent_at) noexcept {
  if (composed.full_level) counters_.last_full_level_at.store(sent_at, std::memory_order_relaxed);
  if (composed.queue.wants_refill) events_.emit(event(Event::Type::refill, sent_at));
  if (composed.queue.samples == 0) return;
  Event passed = event(Event::Type::mark, sent_at);
  while (playout_.next_passed_mark(passed.mark_id)) events_.emit(passed);
  if (composed.queue.drained) events_.emit(event(Event::Type::drained, sent_at));
}

bool Sender::send_packet(PacketBuffer& packet, std::size_t length, const Endpoint& destination, std::uint64_t tick,
                         MonotonicNs deadline) noexcept {
  const std::size_t bytes = config_->srtp_out == nullptr ? length : config_->srtp_out->protect(packet, length);
  // Never in the clear when it should not be: what cannot be protected stays here.
  const auto sent = bytes == 0 ? -1 : ::sendto(rtp_fd_, packet.data(), bytes, MSG_NOSIGNAL, &destination.any, destination.size());
  last_sent_at_ = monotonic_ns();
  sequence_ += 1;
  const auto late = static_cast<std::uint64_t>(std::max<MonotonicNs>(last_sent_at_ - deadline, 0));
  if (late > counters_.send_lateness_max_ns.get()) counters_.send_lateness_max_ns.set(late);
  if (sent < 0) return false;
  counters_.packets_sent.add();
  counters_.payload_bytes_sent.add(length - kRtpHeaderBytes);
  counters_.last_sent_timestamp.set(timestamp_at(tick, config_->clock_rate_hz));
  counters_.last_sent_at.store(last_sent_at_, std::memory_order_relaxed);
  return true;
}

}  // namespace offhook
