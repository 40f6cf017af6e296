<?xml version="1.0" encoding="UTF-8"?>
<!-- names another file; http://www.opengis.net/gml -->
<Product_Observational xmlns="http://pds.nasa.gov/pds4/pds/v1">
  <Identification_Area><logical_identifier>urn:a:b:c:d</logical_identifier><version_id>1.0</version_id><title>t</title><information_model_version>1.11.0.0</information_model_version><product_class>Product_Observational</product_class></Identification_Area>
  <Observation_Area/>
  <File_Area_Observational>
    <File><file_name>SECRET</file_name></File>
    <Table_Delimited>
      <name>t</name>
      <offset unit="byte">0</offset>
      <parsing_standard_id>PDS DSV 1</parsing_standard_id>
      <records>2</records>
      <record_delimiter>Line-Feed</record_delimiter>
      <field_delimiter>Comma</field_delimiter>
      <Record_Delimited><fields>1</fields><groups>0</groups>
        <Field_Delimited><name>id</name><field_number>1</field_number><data_type>ASCII_String</data_type></Field_Delimited>
      </Record_Delimited>
    </Table_Delimited>
  </File_Area_Observational>
</Product_Observational>
