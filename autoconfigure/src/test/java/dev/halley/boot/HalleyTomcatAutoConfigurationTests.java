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
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link HalleyTomcatAutoConfiguration}.
 */
class HalleyTomcatAutoConfigurationTests {

	private static final String PROPERTY = "halley.websocket.tomcat-socket-buffer=1KB";

	private static final String BUFFERS = "halleyTomcatSocketBuffers";

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(HalleyTomcatAutoConfiguration.class));

	@Test
	void leavesTomcatsBuffersAloneByDefault() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(BUFFERS));
	}

	@Test
	void setsBothBuffersOfEachConnector() {
		this.runner.withPropertyValues(PROPERTY).run((context) -> {
			Connector connector = customized(context.getBean(BUFFERS, WebServerFactoryCustomizer.class));
			assertThat(connector.getProperty("socket.appReadBufSize")).hasToString("1024");
			assertThat(connector.getProperty("socket.appWriteBufSize")).hasToString("1024");
		});
	}

	@SuppressWarnings("unchecked")
	private static Connector customized(WebServerFactoryCustomizer<?> customizer) {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
		((WebServerFactoryCustomizer<TomcatServletWebServerFactory>) customizer).customize(factory);
		Connector connector = new Connector();
		factory.getConnectorCustomizers().forEach((each) -> each.customize(connector));
		return connector;
	}

	@Test
	void refusesASizeOfNothingByTheNameOfTheProperty() {
		this.runner.withPropertyValues("halley.websocket.tomcat-socket-buffer=0B")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("halley.websocket.tomcat-socket-buffer"));
	}

	@Test
	void isOffWithWebSocketsOrWithAll() {
		this.runner.withPropertyValues(PROPERTY, "halley.websocket.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
		this.runner.withPropertyValues(PROPERTY, "halley.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

	@Test
	void isOffWithoutTomcatAndOutsideOfServletApplications() {
		this.runner.withPropertyValues(PROPERTY)
			.withClassLoader(new FilteredClassLoader(Connector.class))
			.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(HalleyTomcatAutoConfiguration.class))
			.withPropertyValues(PROPERTY)
			.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

}
