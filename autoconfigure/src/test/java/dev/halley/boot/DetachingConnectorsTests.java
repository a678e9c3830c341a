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

import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;

import dev.halley.websocket.engine.DetachingNioProtocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which connectors get the protocol whose connections may leave Tomcat.
 */
@ExtendWith(OutputCaptureExtension.class)
class DetachingConnectorsTests {

	private static final String STAY = "WebSockets and streams stay on Tomcat's connections, since ";

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyTomcatAutoConfiguration.class));

	private final TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();

	private void customize(String... properties) {
		this.runner.withPropertyValues(properties)
			.run((context) -> context.getBean(DetachingConnectors.class).customize(this.factory));
	}

	private void assertIsTomcats() {
		assertThat(this.factory.getProtocol()).isEqualTo(TomcatWebServerFactory.DEFAULT_PROTOCOL);
	}

	@Test
	void tomcatsDefaultIsReplacedWithoutAWord(CapturedOutput output) {
		customize();
		assertThat(this.factory.getProtocol()).isEqualTo(DetachingNioProtocol.class.getName());
		assertThat(new Connector(this.factory.getProtocol()).getProtocolHandler())
			.isInstanceOf(DetachingNioProtocol.class);
		assertThat(output).doesNotContain("WebSockets");
	}

	@Test
	void aProtocolThatTheApplicationHasChosenStays(CapturedOutput output) {
		this.factory.setProtocol("org.apache.coyote.http11.Http11Nio2Protocol");
		customize();
		assertThat(this.factory.getProtocol()).isEqualTo("org.apache.coyote.http11.Http11Nio2Protocol");
		assertThat(output).containsOnlyOnce(STAY + "their protocol is org.apache.coyote.http11.Http11Nio2Protocol");
	}

	@Test
	void encryptedConnectionsStay(CapturedOutput output) {
		this.factory.setSsl(new Ssl());
		customize();
		assertIsTomcats();
		assertThat(output).containsOnlyOnce(STAY + "they are encrypted");
	}

	@Test
	void additionalConnectorsKeepTheirs(CapturedOutput output) {
		this.factory.addAdditionalConnectors(new Connector());
		customize();
		assertThat(this.factory.getProtocol()).isEqualTo(DetachingNioProtocol.class.getName());
		assertThat(output)
			.containsOnlyOnce("WebSockets and streams that come by additional connectors stay on Tomcat's connections");
	}

	@Test
	void loopsThatCannotBeStopTheApplication() {
		this.factory.setSsl(new Ssl());
		this.runner.withPropertyValues("halley.websocket.io=loops").run((context) -> {
			DetachingConnectors connectors = context.getBean(DetachingConnectors.class);
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
				.isThrownBy(() -> connectors.customize(this.factory))
				.satisfies((failure) -> assertThat(failure.getName()).isEqualTo("halley.websocket.io"))
				.satisfies((failure) -> assertThat(failure.getReason()).contains("encrypted"));
		});
	}

	@Test
	void thoseOfTheContainerAreNotTouched(CapturedOutput output) {
		customize("halley.websocket.io=container");
		assertIsTomcats();
		customize("halley.websocket.engine=container");
		assertIsTomcats();
		assertThat(output).doesNotContain("WebSockets");
	}

	@Test
	void theTomcatOfTheBuildHasAllThatItTakes() {
		assertThat(DetachingNioProtocol.findObstacle()).isNull();
	}

}
