/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.apache.catalina.Container;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.ManagerBase;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.session.MapSession;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.events.SessionExpiredEvent;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;

import dev.halley.connection.ConnectionRegistry;
import dev.halley.connection.LoginSource.Sessions;
import dev.halley.web.RawStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a session is the end of its connections wherever sessions are: in Spring
 * Session, whose stores may not tell, and in Tomcat, whose sessions expire on its own
 * thread.
 */
class SpringSessionTests {

	/** Looks for sessions only when a test does not. */
	private static ServletWebServerApplicationContext telling;

	private static ServletWebServerApplicationContext looking;

	private static ServletWebServerApplicationContext ordinary;

	@BeforeAll
	static void start() {
		telling = Server.TOMCAT_LOOPS.start(Stored.class, "halley.security.session-check-interval=10m");
		looking = Server.TOMCAT_LOOPS.start(Stored.class, "halley.security.session-check-interval=200ms",
				"halley.security.keep-session=true");
		ordinary = Server.TOMCAT_LOOPS.start(LoginApplication.class);
	}

	@AfterAll
	static void stop() {
		telling.close();
		looking.close();
		ordinary.close();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

	private static String post(ServletWebServerApplicationContext context, String path, String... headers)
			throws IOException {
		return post(context, path, "ada", headers);
	}

	private static String post(ServletWebServerApplicationContext context, String path, String user, String[] headers)
			throws IOException {
		try (RawStream answer = RawStream.post(Server.port(context), path, "application/x-www-form-urlencoded",
				"username=" + user + "&password=secret", headers)) {
			assertThat(answer.status()).isBetween(200, 399);
			return answer.headers().getOrEmpty("Set-Cookie").stream().findFirst().orElse("").split(";")[0];
		}
	}

	private static String sessionOfNobody() throws IOException {
		try (RawStream answer = RawStream.get(Server.port(telling), "/start")) {
			return answer.headers().getFirst("Set-Cookie").split(";")[0];
		}
	}

	private static TestClient connect(ServletWebServerApplicationContext context, String path, String cookie)
			throws InterruptedException {
		TestClient client = TestClient.connect(Server.url(context, path), "Cookie", cookie);
		assertThat(client.next()).startsWith("hello ");
		return client;
	}

	private static Map<String, Session> store(ServletWebServerApplicationContext context) {
		return context.getBean(Store.class).sessions();
	}

	private static String id(String cookie) {
		return cookie.substring(cookie.indexOf('=') + 1);
	}

	@Test
	void aLogoutIsToldByTheNodeThatSeesIt() throws Exception {
		String cookie = post(telling, "/login");
		TestClient socket = connect(telling, "/account", cookie);
		RawStream events = RawStream.get(Server.port(telling), "/account", "Accept: text/event-stream",
				"Cookie: " + cookie);
		events.until("hello ada");
		post(telling, "/logout", "Cookie: " + cookie);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
		assertThat(events.chunks()).noneMatch((chunk) -> chunk.contains("id:"));
		events.close();
	}

	@Test
	void aStoreThatTellsIsHeard() throws Exception {
		String cookie = post(telling, "/login");
		TestClient socket = connect(telling, "/account", cookie);
		telling.publishEvent(new SessionExpiredEvent(this, new MapSession(id(cookie))));
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void connectionsFollowASessionThatGetsAnotherIdByALogin() throws Exception {
		String anonymous = sessionOfNobody();
		TestClient socket = connect(telling, "/open", anonymous);
		String cookie = post(telling, "/login", "Cookie: " + anonymous);
		assertThat(cookie).isNotEqualTo(anonymous);
		telling.publishEvent(new SessionExpiredEvent(this, new MapSession(id(anonymous))));
		post(telling, "/logout", "Cookie: " + cookie);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void connectionsEndWithASessionThatALoginReplaces() throws Exception {
		String anonymous = sessionOfNobody();
		TestClient socket = connect(telling, "/open", anonymous);
		post(telling, "/replacing/login", "Cookie: " + anonymous);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void connectionsOfTheFormerUserEndWhenAnotherLogsInWithTheirSession() throws Exception {
		String cookie = post(telling, "/login");
		TestClient ada = connect(telling, "/account", cookie);
		String other = post(telling, "/login", "eve", new String[] { "Cookie: " + cookie });
		assertThat(other).isNotEqualTo(cookie);
		assertThat(ada.next()).isEqualTo("closed 1008 session ended");
	}

	@Test
	void aSessionThatEndsWhileItIsNotedDoesNotComeBack() {
		MapSessionRepository repository = new MapSessionRepository(new ConcurrentHashMap<>());
		MapSession session = repository.createSession();
		repository.save(session);
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAttribute(SessionRepositoryFilter.SESSION_REPOSITORY_ATTR, repository);
		Sessions sessions = new SpringSessionStores().of(request);
		assertThat(sessions.touch(session.getId(), () -> false)).isTrue();
		assertThat(sessions.exists(session.getId())).isTrue();
		assertThat(sessions.touch(session.getId(), () -> true)).isFalse();
		assertThat(sessions.exists(session.getId())).isFalse();
	}

	@Test
	void sessionsThatEndWithTheServerAreNoFault() throws Exception {
		ServletWebServerApplicationContext server = Server.TOMCAT_LOOPS.start(LoginApplication.class);
		// Tomcat's lines do not come there any more when the context is closed
		Faults faults = new Faults();
		Logger tomcat = Logger.getLogger("org.apache.catalina");
		try (RawStream answer = RawStream.get(Server.port(server), "/start"); Warnings warnings = Warnings.record()) {
			assertThat(answer.status()).isEqualTo(200);
			tomcat.addHandler(faults);
			ManagerBase sessions = tomcatsSessions(server);
			assertThat(sessions.getActiveSessions()).isOne();
			Server.close(server).get(30, TimeUnit.SECONDS);
			assertThat(sessions.getExpiredSessions()).isOne();
			assertThat(warnings.lines()).noneMatch((line) -> line.startsWith("ERROR"));
		}
		finally {
			tomcat.removeHandler(faults);
		}
		assertThat(faults.messages).isEmpty();
		assertThat(server.getBeanFactory().containsSingleton("halleyLogins")).isFalse();
	}

	@Test
	void aSessionThatIsGoneFromItsStoreIsMissed() throws Exception {
		String cookie = post(looking, "/login");
		TestClient socket = connect(looking, "/account", cookie);
		TestClient other = connect(looking, "/account", post(looking, "/login"));
		store(looking).remove(id(cookie));
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
		await().until(() -> looking.getBean(ConnectionRegistry.class).size() == 1);
		other.close();
		await().until(() -> looking.getBean(ConnectionRegistry.class).reserved() == 0);
	}

	@Test
	void messagesKeepASessionIfTheyAreTo() throws Exception {
		String cookie = post(looking, "/login");
		TestClient socket = TestClient.connect(Server.url(looking, "/echo"), "Cookie", cookie);
		Instant before = store(looking).get(id(cookie)).getLastAccessedTime();
		await().until(() -> {
			assertThat(socket.send("hello").next()).isEqualTo("hello");
			return store(looking).get(id(cookie)).getLastAccessedTime().isAfter(before);
		});
		socket.close();
		await().until(() -> looking.getBean(ConnectionRegistry.class).reserved() == 0);
	}

	@Test
	void aSessionOfTomcatExpires() throws Exception {
		String cookie = post(ordinary, "/login");
		TestClient socket = connect(ordinary, "/account", cookie);
		RawStream events = RawStream.get(Server.port(ordinary), "/account", "Accept: text/event-stream",
				"Cookie: " + cookie);
		events.until("hello ada");
		post(ordinary, "/hurry", "Cookie: " + cookie);
		await().until(() -> {
			tomcatsSessions(ordinary).processExpires();
			return tomcatsSessions(ordinary).findSession(id(cookie)) == null;
		});
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
		assertThat(events.chunks()).noneMatch((chunk) -> chunk.contains("id:"));
		events.close();
	}

	private static ManagerBase tomcatsSessions(ServletWebServerApplicationContext server) {
		Container[] contexts = ((TomcatWebServer) server.getWebServer()).getTomcat().getHost().findChildren();
		return (ManagerBase) ((StandardContext) contexts[0]).getManager();
	}

	/** Of Spring's own handlers, which the native engine watches. */
	@Test
	void sessionsOfSpringsOwnHandlersEndToo() throws Exception {
		String cookie = post(ordinary, "/login");
		TestClient socket = TestClient.connect(Server.url(ordinary, "/handler"), "Cookie", cookie);
		assertThat(socket.next()).startsWith("ada ");
		post(ordinary, "/logout", "Cookie: " + cookie);
		assertThat(socket.next()).isEqualTo("closed 1008 session ended");
	}

	/** Keeps what Tomcat logs as an error. */
	private static final class Faults extends Handler {

		private final List<String> messages = new CopyOnWriteArrayList<>();

		@Override
		public void publish(LogRecord line) {
			if (line.getLevel() == Level.SEVERE) {
				this.messages.add(line.getMessage() + " " + line.getThrown());
			}
		}

		@Override
		public void flush() {
		}

		@Override
		public void close() {
		}

	}

	record Store(Map<String, Session> sessions) {
	}

	/** Sessions in a map, as those of a store that tells nothing. */
	@EnableSpringHttpSession
	@Import(LoginApplication.class)
	static class Stored {

		@Bean
		Store store() {
			return new Store(new ConcurrentHashMap<>());
		}

		@Bean
		MapSessionRepository sessions(Store store) {
			return new MapSessionRepository(store.sessions());
		}

		@Bean
		CookieHttpSessionIdResolver plainIds() {
			DefaultCookieSerializer serializer = new DefaultCookieSerializer();
			serializer.setUseBase64Encoding(false);
			CookieHttpSessionIdResolver resolver = new CookieHttpSessionIdResolver();
			resolver.setCookieSerializer(serializer);
			return resolver;
		}

	}

}
