#include "media_thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <utility>

namespace offhook {

namespace {

constexpr std::size_t kCommands = 8'192;
constexpr std::size_t kEvents = 16'384;
constexpr int kFifoPriority = 20;
constexpr int kNice = -15;
/// Batches taken from one socket per tick; a flood gets its share of a tick and no more.
constexpr int kMostBatchesPerTick = 4;

/// Real-time scheduling keeps the pace when model threads want both cores; a better nice value is a weak second best.
Scheduling raise_priority() noexcept {
  sched_param parameters{};
  parameters.sched_priority = kFifoPriority;
  if (pthread_setschedparam(pthread_self(), SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0) return Scheduling::fifo;
  if (setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice) == 0) return Scheduling::nice;
  return Scheduling::other;
}

void sleep_until(MonotonicNs at) noexcept {
  const timespec when{.tv_sec = at / kNsPerSecond, .tv_nsec = at % kNsPerSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {
  }
}

}  // namespace

MediaThread::MediaThread(std::uint32_t capacity, std::function<void()> wake)
    : wake_(std::move(wake)),
      commands_(kCommands),
      events_(kEvents),
      epoll_fd_(epoll_create1(EPOLL_CLOEXEC)),
      phases_(kTicksPerFrame),
      wheel_(capacity),
      hearings_(capacity) {
  for (auto& phase : phases_) phase.reserve(capacity);
  carry_over_.reserve(capacity);
  undelivered_.reserve(static_cast<std::size_t>(capacity) * 4);
  std::promise<Scheduling> granted;
  thread_ = std::thread([this, &granted] {
    granted.set_value(raise_priority());
    run();
  });
  pthread_setname_np(thread_.native_handle(), "offhook-media");
  scheduling_ = granted.get_future().get();
}

MediaThread::~MediaThread() {
  stop();
  ::close(epoll_fd_);
}

void MediaThread::stop() {
  stopping_.store(true, std::memory_order_release);
  if (thread_.joinable()) thread_.join();
  for (Command left; commands_.pop(left);) delete left.config;
}

void MediaThread::command(const Command& command) noexcept {
  while (!commands_.push(command)) std::this_thread::yield();
}

void MediaThread::emit(const Event& event) noexcept {
  emitted_ = true;
  if (events_.push(event)) return;
  const bool must_arrive = event.type == Event::Type::retired || event.type == Event::Type::detached ||
                           event.type == Event::Type::recording_let_go;
  if (must_arrive && undelivered_.size() < undelivered_.capacity()) {
    undelivered_.push_back(event);
  } else {
    figures_.events_lost.add();
  }
}

void MediaThread::run() noexcept {
  MonotonicNs next = monotonic_ns();
  std::uint64_t number = 0;
  while (!stopping_.load(std::memory_order_acquire)) {
    next += kTickNs;
    number += 1;
    sleep_until(next);
    const MonotonicNs late = monotonic_ns() - next;
    if (late > static_cast<MonotonicNs>(figures_.tick_lateness_max_ns.get())) {
      figures_.tick_lateness_max_ns.set(static_cast<std::uint64_t>(late));
    }
    const auto missed = static_cast<std::uint64_t>(std::max<MonotonicNs>(late, 0) / kTickNs);
    if (missed > kMostCatchUpTicks) {
      const std::uint64_t skipped = missed - kMostCatchUpTicks;
      number += skipped;
      next += static_cast<MonotonicNs>(skipped) * kTickNs;
      figures_.ticks_skipped.add(skipped);
    }
    tick(number, next);
  }
}

void MediaThread::tick(std::uint64_t number, MonotonicNs deadline) noexcept {
  emitted_ = false;
  retry_detached();
  run_commands(deadline);
  for (Session* session : wheel_.due(number)) session->sender.send(number, deadline, session->receiver.destination());
  receive();
  const MonotonicNs now = monotonic_ns();
  for (Session* session : phases_[number % kTicksPerFrame]) {
    session->receiver.poll(now);
    if (session->tap.just_failed()) emit(event_of(*session, Event::Type::recording_failed));
  }
  figures_.ticks.add();
  if (emitted_ && !wake_pending_.exchange(true, std::memory_order_seq_cst)) {
    figures_.wake_ups.add();
    wake_();
  }
}

void MediaThread::retry_detached() noexcept {
  if (undelivered_.empty()) return;
  std::size_t delivered = 0;
  while (delivered < undelivered_.size() && events_.push(undelivered_[delivered])) delivered += 1;
  undelivered_.erase(undelivered_.begin(), undelivered_.begin() + static_cast<std::ptrdiff_t>(delivered));
  emitted_ = emitted_ || delivered > 0;
}

void MediaThread::run_commands(MonotonicNs deadline) noexcept {
  Command command;
  while (commands_.pop(command)) run_command(command, deadline);
}

void MediaThread::run_command(const Command& command, MonotonicNs deadline) noexcept {
  Session& session = *command.session;
  switch (command.type) {
    case Command::Type::attach:
      attach(session);
      break;
    case Command::Type::configure:
      configure(session, command.config);
      break;
    case Command::Type::set_source:
      unbridge(session);
      session.sender.set_source(command.source, command.tone, command.sound);
      session.receiver.set_echo(command.source == Source::echo ? &session.sender.echo() : nullptr);
      break;
    case Command::Type::bridge:
      bridge(session, *command.other);
      break;
    case Command::Type::hear:
      hearings_.hear(session, *command.other, command.hearing);
      break;
    case Command::Type::unhear:
      hearings_.stop(session, *command.other, command.hearing);
      break;
    case Command::Type::inject:
      session.sender.set_injection(&session.injection->queue);
      break;
    case Command::Type::monitor:
      monitor(session, command.monitored);
      break;
    case Command::Type::background:
      session.sender.set_background(command.sound);
      break;
    case Command::Type::set_gain:
      session.sender.set_gain(command.gain, command.ramp_samples);
      break;
    case Command::Type::expect_loss:
      session.expected_loss_percent = command.loss_percent;
      if (session.config != nullptr) session.config->codec->expect_loss(command.loss_percent);
      break;
    case Command::Type::send_digit:
      if (!session.sender.send_digit(command.digit)) figures_.digits_lost.add();
      break;
    case Command::Type::record:
      record(session, command.recording, deadline);
      break;
    case Command::Type::pause_recording:
      if (command.paused) session.tap.pause();
      else session.tap.resume(deadline);
      break;
    case Command::Type::detach:
      detach(session);
      break;
  }
}

void MediaThread::bridge(Session& one, Session& other) noexcept {
  if (one.bridged == &other) return;
  for (Session* session : {&one, &other}) {
    unbridge(*session);
    session->receiver.set_echo(nullptr);
    session->sender.set_source(Source::bridge, {});
  }
  one.bridged = &other;
  other.bridged = &one;
  one.receiver.set_bridge(&other.sender);
  other.receiver.set_bridge(&one.sender);
  hearings_.hear(one, other);
  hearings_.hear(other, one);
}

void MediaThread::unbridge(Session& session) noexcept {
  if (session.bridged == nullptr) return;
  hearings_.stop(session, *session.bridged);
  hearings_.stop(*session.bridged, session);
  for (Session* side : {session.bridged, &session}) {
    side->bridged = nullptr;
    side->receiver.set_bridge(nullptr);
    side->sender.set_source(Source::queue, {});
  }
}

void MediaThread::monitor(Session& session, bool on) noexcept {
  if (std::exchange(session.monitored, on) == on) return;
  session.sender.set_monitor(on ? session.monitor.get() : nullptr);
  if (on) session.listened_to();
  else session.left_alone();
}

void MediaThread::attach(Session& session) noexcept {
  const auto emptiest = std::min_element(phases_.begin(), phases_.end(),
                                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
  session.phase = static_cast<std::uint32_t>(emptiest - phases_.begin());
  emptiest->push_back(&session);
  epoll_event interest{.events = EPOLLIN | EPOLLET, .data = {.ptr = &session}};
  epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, session.sockets.rtp.fd(), &interest);
}

void MediaThread::configure(Session& session, SessionConfig* config) noexcept {
  const bool fresh_codec = config->codec != nullptr;
  SessionConfig* retired = session.config.release();
  if (retired == nullptr || retired->ptime_ms != config->ptime_ms) wheel_.place(&session, config->ptime_ms / kTickMs);
  if (!fresh_codec && retired != nullptr) config->codec = std::move(retired->codec);
  if (config->secured && retired != nullptr) {
    if (config->srtp_in == nullptr) {
      config->srtp_in = std::move(retired->srtp_in);
    } else {
      retired->srtp_in = config->srtp_in->take_over_from(std::move(retired->srtp_in));
    }
    if (config->srtp_out == nullptr) config->srtp_out = std::move(retired->srtp_out);
  }
  config->codec->apply(config->opus);
  if (fresh_codec) config->codec->expect_loss(session.expected_loss_percent);
  session.config.reset(config);
  // What it used so far goes the way of the configuration.
  if (config->listener_codec != nullptr) session.voice->jitter.swap_codec(config->listener_codec, config->clock_rate_hz);
  session.canceller.set_mode(config->echo);
  session.canceller.set_wide(config->wide);
  session.receiver.configure(*config, fresh_codec, monotonic_ns());
  session.sender.configure(*config, fresh_codec);
  if (retired == nullptr) return;
  Event event = event_of(session, Event::Type::retired);
  event.retired = retired;
  emit(event);
}

Event MediaThread::event_of(const Session& session, Event::Type type) noexcept {
  Event event;
  event.type = type;
  event.slot = session.slot;
  event.generation = session.generation;
  return event;
}

/// Null ends the present recording. The old file is closed elsewhere, once this thread has let go of it.
void MediaThread::record(Session& session, WavRecorder::Recording* recording, MonotonicNs deadline) noexcept {
  Event let_go = event_of(session, Event::Type::recording_let_go);
  let_go.recording = session.tap.stop();
  if (let_go.recording != nullptr) emit(let_go);
  if (recording != nullptr) session.tap.start(recording, deadline);
}

void MediaThread::detach(Session& session) noexcept {
  unbridge(session);
  hearings_.forget(session);
  epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, session.sockets.rtp.fd(), nullptr);
  std::erase(phases_[session.phase], &session);
  wheel_.remove(&session);
  std::erase(carry_over_, &session);
  record(session, nullptr, 0);
  emit(event_of(session, Event::Type::detached));
}

void MediaThread::receive() noexcept {
  const MonotonicNs now = monotonic_ns();
  batch_.compare_clocks();
  const std::size_t carried = carry_over_.size();
  for (std::size_t i = 0; i < carried; ++i) {
    carry_over_[i]->carried_over = false;
    drain(*carry_over_[i], now);
  }
  carry_over_.erase(carry_over_.begin(), carry_over_.begin() + static_cast<std::ptrdiff_t>(carried));

  std::array<epoll_event, 256> ready;
  for (;;) {
    const int count = epoll_wait(epoll_fd_, ready.data(), static_cast<int>(ready.size()), 0);
    for (int i = 0; i < count; ++i) drain(*static_cast<Session*>(ready[static_cast<std::size_t>(i)].data.ptr), now);
    if (count < static_cast<int>(ready.size())) break;
  }
}

void MediaThread::drain(Session& session, MonotonicNs now) noexcept {
  for (int round = 0; round < kMostBatchesPerTick; ++round) {
    const std::size_t count = batch_.receive(session.sockets.rtp.fd());
    for (std::size_t i = 0; i < count; ++i) {
      if (batch_.truncated(i)) {
        session.receiver.on_truncated();
      } else {
        session.receiver.on_datagram(batch_.bytes(i), batch_.from(i), batch_.arrival(i, now));
      }
    }
    if (count < DatagramBatch::kSize) return;
  }
  if (session.carried_over) return;
  session.carried_over = true;
  carry_over_.push_back(&session);
}

}  // namespace offhook
