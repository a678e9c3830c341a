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

package dev.halley;

import java.lang.annotation.Annotation;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The shape of the core.
 */
@AnalyzeClasses(packages = "dev.halley", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching("(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule dataFlowsThroughLayers = layeredArchitecture()
		.consideringOnlyDependenciesInAnyPackage("dev.halley..")
		.withOptionalLayers(true)
		.layer("model")
		.definedBy("dev.halley")
		.layer("brokers")
		.definedBy("dev.halley.hub.broker..")
		.layer("annotations")
		.definedBy("dev.halley.annotation..")
		.layer("codecs")
		.definedBy("dev.halley.codec..")
		.layer("connection")
		.definedBy("dev.halley.connection..")
		.layer("transports")
		.definedBy("dev.halley.websocket..", "dev.halley.comet..", "dev.halley.sse..", "dev.halley.stream..",
				"dev.halley.client..")
		.layer("web")
		.definedBy("dev.halley.web..")
		.layer("observations")
		.definedBy("dev.halley.observation..")
		.whereLayer("web")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("observations")
		.mayNotBeAccessedByAnyLayer()
		.whereLayer("annotations")
		.mayOnlyBeAccessedByLayers("web")
		.whereLayer("transports")
		.mayOnlyBeAccessedByLayers("web")
		.whereLayer("connection")
		.mayOnlyBeAccessedByLayers("transports", "web", "observations")
		.whereLayer("brokers")
		.mayOnlyBeAccessedByLayers("model", "codecs")
		.whereLayer("brokers")
		.mayNotAccessAnyLayer()
		.whereLayer("codecs")
		.mayOnlyBeAccessedByLayers("connection", "transports", "web");

	@ArchTest
	static final ArchRule theModelKnowsNoWebServer = noClasses().that()
		.resideInAPackage("dev.halley")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta..", "org.springframework.http..", "org.springframework.web.servlet..");

	@ArchTest
	static final ArchRule theCoreKnowsNoSpringBoot = noClasses().should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot..");

	@ArchTest
	static final ArchRule thePackageOfAnnotationsHoldsNothingElse = classes().that()
		.resideInAPackage("dev.halley.annotation..")
		.and()
		.doNotHaveSimpleName("package-info")
		.should()
		.beAssignableTo(Annotation.class)
		.allowEmptyShould(true);

	@ArchTest
	static void everyPackageIsNullMarked(JavaClasses classes) {
		assertThat(classes).extracting(JavaClass::getPackage)
			.allSatisfy((javaPackage) -> assertThat(javaPackage).matches(ArchitectureTests::isNullMarked,
					"is @NullMarked: " + javaPackage.getName()));
	}

	@ArchTest
	static void atMostSixTypesInTenArePublic(JavaClasses classes) {
		List<JavaClass> types = classes.stream()
			.filter((type) -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
			.toList();
		assertThat(types).filteredOn((type) -> type.getModifiers().contains(JavaModifier.PUBLIC))
			.as("public of %s types", types.size())
			.hasSizeLessThanOrEqualTo(types.size() * 6 / 10);
	}

	private static boolean isNullMarked(JavaPackage javaPackage) {
		return javaPackage.isAnnotatedWith(NullMarked.class);
	}

}
